import { readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ImageTree } from '../image-tree';
import { type Builder, PATH } from './builder';

const LIBRARY = 'usr/local/lib/python3.13';
const SITE_PACKAGES = `${LIBRARY}/site-packages`;

const PIP = `#!/usr/local/bin/python3.13
import sys
from pip._internal.cli.main import main
sys.exit(main())
`;

/**
 * `python:3.13-slim-trixie`: Debian's Python, moved to `/usr/local`, where the official image has its own. A virtual
 * environment remembers where its interpreter lies, so what works with one in `/usr` proves nothing.
 */
export function pythonBuilder(): Builder {
  return {
    reference: 'python:3.13-slim-trixie',
    packages: ['ca-certificates', 'media-types', 'netbase', 'python3-pip', 'python3.13', 'python3.13-venv', 'tzdata'],
    ingredients: [readFileSync(__filename, 'utf8')],
    arrange: (tree) => {
      moveInterpreter(tree);
      movePip(tree);
      installLikeUpstream(tree);
    },
    config: { Env: [`PATH=${PATH}`, 'PYTHON_VERSION=3.13'], Cmd: ['python3'] },
  };
}

function moveInterpreter(tree: ImageTree): void {
  tree.move('usr/bin/python3.13', 'usr/local/bin/python3.13');
  rmSync(tree.path('usr/lib/python3.13/sitecustomize.py'));
  tree.move('usr/lib/python3.13', LIBRARY);
  for (const name of readdirSync(tree.path('usr/bin'))) {
    if (/^(python|pip|py3|pydoc|pygettext)/.test(name)) rmSync(tree.path(`usr/bin/${name}`));
  }
  for (const name of ['python', 'python3']) tree.link(`usr/local/bin/${name}`, 'python3.13');
}

function movePip(tree: ImageTree): void {
  const debian = 'usr/lib/python3/dist-packages';
  for (const name of readdirSync(tree.path(debian))) {
    if (/^pip\b/.test(name)) tree.move(`${debian}/${name}`, `${SITE_PACKAGES}/${name}`);
  }
  rmSync(tree.path('usr/lib/python3'), { recursive: true });
  for (const name of ['pip', 'pip3', 'pip3.13']) tree.write(`usr/local/bin/${name}`, PIP, 0o755);
}

/** Debian's Python keeps pip out of its own folders; upstream's has one `site-packages` for all. */
function installLikeUpstream(tree: ImageTree): void {
  rmSync(tree.path(`${LIBRARY}/EXTERNALLY-MANAGED`));
  // The interpreter has Debian's `site` compiled in, which looks into `dist-packages` only.
  tree.write(`${LIBRARY}/dist-packages/site-packages.pth`, `import site; site.addsitedir('/${SITE_PACKAGES}')\n`);
  const scheme = `${LIBRARY}/sysconfig/__init__.py`;
  tree.edit(scheme, /prefix_scheme = 'posix_local'/, "prefix_scheme = 'posix_prefix'");
}
