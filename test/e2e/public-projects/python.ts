import { PythonImage } from '../../../lib';
import type { PublicProject } from './public-project';
import { LOCK_DAY, sourceDateEpoch } from './public-project';

const client = 'python:3.13-slim-trixie';

/** The source distribution of a package; pip checks it against the hash that the index tells. */
function source(name: string, version: string): string[] {
  return [
    `pip download --quiet --no-deps --no-binary :all: --dest /tmp/source ${name}==${version}`,
    'tar -xzf /tmp/source/*.tar.gz --strip-components 1',
  ];
}

const getUv = 'pip install --quiet --no-cache-dir uv==0.13.9';

export const PYTHON_PROJECTS: readonly PublicProject[] = [
  {
    name: 'httpbin',
    client,
    fetch: source('httpbin', '0.10.2'),
    integrity: '9401c0e1466c5be51b40f84b8fda117ed312c860b1542fabd8884dc728fe78eb',
    prepare: [getUv, `uv lock --quiet --exclude-newer ${LOCK_DAY}`],
    image: (stack, name, directory) =>
      new PythonImage(stack, name, {
        directory,
        module: 'gunicorn',
        extras: ['mainapp'],
        installProject: true,
        args: ['httpbin:app', '--bind', '0.0.0.0:8080', '--worker-class', 'gevent'],
        sourceDateEpoch,
      }),
    path: '/get?seen=1',
    answer: /"seen": ?"1"/,
  },
];
