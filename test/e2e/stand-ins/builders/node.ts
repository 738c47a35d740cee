import { readFileSync, rmSync } from 'node:fs';
import { npmPackage } from '../npm-packages';
import { type Builder, PATH } from './builder';

/** `node:MAJOR-trixie-slim`, from the npm packages of Node.js and its companions. */
export async function nodeBuilder(major: string, npmMajor: string): Promise<Builder> {
  const node = await npmPackage(`node-linux-${process.arch}`, major);
  const npm = await npmPackage('npm', npmMajor);
  const corepack = await npmPackage('corepack', 'latest');
  const yarn = await npmPackage('yarn', '1');
  const yarnHome = `opt/yarn-v${yarn.version}`;
  return {
    reference: `node:${major}-trixie-slim`,
    packages: ['libatomic1', 'libstdc++6'],
    ingredients: [...[node, npm, corepack, yarn].map(({ path }) => path), readFileSync(__filename, 'utf8')],
    arrange: async (tree) => {
      await tree.unpack(node.path, 'opt/node');
      tree.move('opt/node/bin/node', 'usr/local/bin/node');
      rmSync(tree.path('opt/node'), { recursive: true });
      await tree.unpack(npm.path, 'usr/local/lib/node_modules/npm');
      await tree.unpack(corepack.path, 'usr/local/lib/node_modules/corepack');
      await tree.unpack(yarn.path, yarnHome);
      const commands = {
        nodejs: 'node',
        npm: '../lib/node_modules/npm/bin/npm-cli.js',
        npx: '../lib/node_modules/npm/bin/npx-cli.js',
        corepack: '../lib/node_modules/corepack/dist/corepack.js',
        yarn: `/${yarnHome}/bin/yarn.js`,
        yarnpkg: `/${yarnHome}/bin/yarn.js`,
      };
      for (const [name, target] of Object.entries(commands)) tree.link(`usr/local/bin/${name}`, target);
    },
    config: { Env: [`PATH=${PATH}`, `NODE_VERSION=${node.version}`, `YARN_VERSION=${yarn.version}`], Cmd: ['node'] },
  };
}
