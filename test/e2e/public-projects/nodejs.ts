import { HealthProbe, NodejsImage } from '../../../lib';
import type { PublicProject } from './public-project';
import { LOCK_DAY, sourceDateEpoch } from './public-project';

const client = 'node:24-trixie-slim';

/** The files of a package; npm checks them against the integrity that the registry tells. */
function published(name: string, version: string): string[] {
  return [`npm pack --silent ${name}@${version} --pack-destination /tmp`, 'tar -xzf /tmp/*.tgz --strip-components 1'];
}

const lockCommand = `npm install --package-lock-only --no-audit --no-fund --before ${LOCK_DAY}`;

/** A published package is built already, and the tools of those who work on it are not needed. */
const lock = ['npm pkg delete devDependencies scripts', lockCommand];

/** What fastify's own tool makes, with its one folder as the project. */
const fastifyStarter = ['npx --yes fastify-cli@8.0.0 generate app --lang=ts > /dev/null', 'cp -r app/. . && rm -r app'];

export const NODEJS_PROJECTS: readonly PublicProject[] = [
  {
    name: 'http-server',
    client,
    fetch: published('http-server', '14.1.1'),
    integrity: 'b446d8a4f7b939a30e847b3832245bbe245ec5bdf63fdf16f37e6b58d0694025',
    prepare: lock,
    image: (stack, name, directory) =>
      new NodejsImage(stack, name, {
        directory,
        main: 'bin/http-server',
        args: ['lib', '--port', '8080'],
        sourceDateEpoch,
      }),
    healthProbe: HealthProbe.http({ path: '/http-server.js' }),
    path: '/http-server.js',
    answer: /createServer/,
  },
  {
    name: 'json-server',
    client,
    fetch: published('json-server', '0.17.4'),
    integrity: 'db77c24618e12cb206d14b5666ef2e64347c1707ba5dfa70416afcfbac7506de',
    prepare: [...lock, `echo '{ "posts": [{ "id": 1, "title": "hello" }] }' > db.json`],
    image: (stack, name, directory) =>
      new NodejsImage(stack, name, {
        directory,
        main: 'lib/cli/bin.js',
        args: ['--host', '0.0.0.0', '--port', '8080', '--read-only', 'db.json'],
        sourceDateEpoch,
      }),
    path: '/posts/1',
    answer: /"title": "hello"/,
  },
  {
    name: 'fastify-starter',
    client,
    fetch: fastifyStarter,
    integrity: 'c86487485d0c172cc13a85a0bfc573e891b75e580373ada55d8607022a031e41',
    prepare: [lockCommand],
    image: (stack, name, directory) =>
      new NodejsImage(stack, name, {
        directory,
        buildScript: 'build:ts',
        buildOutputs: ['dist'],
        main: 'node_modules/fastify-cli/cli.js',
        args: ['start', '--address', '0.0.0.0', '--port', '8080', 'dist/app.js'],
        sourceDateEpoch,
      }),
    path: '/example',
    answer: /this is an example/,
  },
];
