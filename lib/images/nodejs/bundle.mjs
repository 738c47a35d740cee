// Makes one file of a program and all that it imports. It refuses what a single file cannot hold: native addons.
// usage: node bundle.mjs ENTRY OUTPUT TARGET
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { build } = createRequire(import.meta.url)('esbuild');
const [entry, output, target] = process.argv.slice(2);

// What CommonJS packages in an ES module expect to be there. As properties of the global object they can be declared anew.
const banner = `import { createRequire as __createRequire } from 'node:module';
globalThis.require ??= __createRequire(import.meta.url);
globalThis.__filename ??= import.meta.filename;
globalThis.__dirname ??= import.meta.dirname;`;

const isModule = output.endsWith('.mjs');
const { metafile } = await build({
  entryPoints: [entry],
  outfile: output,
  bundle: true,
  platform: 'node',
  target,
  format: isModule ? 'esm' : 'cjs',
  banner: isModule ? { js: banner } : {},
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
  logOverride: { 'require-resolve-not-external': 'silent' },
  plugins: [{ name: 'native-addons', setup: ({ onLoad }) => onLoad({ filter: /\.node$/ }, refuseAddon) }],
}).catch(() => process.exit(1));

function refuseAddon({ path }) {
  return { errors: [{ text: `${path} is a native addon, which a bundle cannot hold; build without bundle` }] };
}

const folders = Object.keys(metafile.inputs).flatMap((path) => {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [];
});

function isNative(folder) {
  if (existsSync(join(folder, 'binding.gyp'))) return true;
  return ['prebuilds', 'build/Release', 'lib/binding'].some(
    (path) => existsSync(join(folder, path)) && readdirSync(join(folder, path)).length > 0,
  );
}

const native = [...new Set(folders)].filter(isNative);
if (native.length > 0) {
  console.error(`bundle: ${native.join(', ')}: native addons, which a bundle cannot hold; build without bundle`);
  process.exit(1);
}
