import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';

const LIB = join(__dirname, '..', '..');

/** The program that CDK's publishing runs, and the parts of this package that it is made of. */
const PROGRAM = join('guard', 'gate', 'gate-process');
const PARTS = ['bases', 'layers', 'dockerfile', 'policy', 'report', 'evidence', join('guard', 'gate')];

/** The package that unpacks zstd where Node.js does not. */
const ZSTD = 'zstddec';

const placed = new Set<string>();

/**
 * The command that opens the gate, but for the file that says what to build.
 *
 * Its program is copied into the assembly: who publishes, be it another machine or a step of a pipeline, may have nothing else.
 *
 * @param assembly directory of the app's assembly
 * @param directory where the command is run, in that assembly
 */
export function gateCommand(assembly: string, directory: string): string[] {
  if (__filename.endsWith('.ts')) return sourceCommand();
  const folder = join(assembly, 'distroless-gate');
  if (!placed.has(folder) || !existsSync(folder)) place(folder);
  placed.add(folder);
  return ['node', relative(directory, join(folder, 'lib', `${PROGRAM}.js`))];
}

/** In a checkout of this package there is nothing that could be copied. */
function sourceCommand(): string[] {
  const tsNode = require.resolve('ts-node/register/transpile-only');
  return [
    'env',
    `TS_NODE_PROJECT=${join(LIB, '..', 'tsconfig.json')}`,
    'node',
    '--require',
    tsNode,
    `${join(LIB, PROGRAM)}.ts`,
  ];
}

function place(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The app around the assembly may say that its own .js files are ECMAScript modules.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'commonjs' }));
  for (const part of PARTS) {
    cpSync(join(LIB, part), join(folder, 'lib', part), { recursive: true, filter: isProgram });
  }
  cpSync(packageDirectory(ZSTD), join(folder, 'node_modules', ZSTD), { recursive: true });
}

function isProgram(path: string): boolean {
  return ['', '.js', '.json'].includes(extname(path));
}

function packageDirectory(name: string): string {
  let directory = dirname(require.resolve(`${name}/stream`));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
