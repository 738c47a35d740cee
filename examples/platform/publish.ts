/**
 * What a platform team does for a release: compiles and packs its package, and puts it into the template that `cdk init` takes. As the
 * packages of this example are in no registry, they lie in the template itself. Needs the compiled library (`npm run build`).
 *
 *     npm run example:publish -- /tmp/platform
 *     npx cdk init --unstable=init --from-path /tmp/platform/templates --template-path service    # in an empty folder
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = join(__dirname, '../..');

const COMPILER_OPTIONS = {
  ...{ target: 'es2023', module: 'node16', strict: true, declaration: true, skipLibCheck: true, types: ['node'] },
  ...{ esModuleInterop: true, resolveJsonModule: true, rootDir: '.' },
};

function run(directory: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: directory, encoding: 'utf8' });
}

/** The package as its users will have it: importing the library by its name, and compiled against what is published of it. */
function compilePackage(directory: string, library: string): void {
  cpSync(join(__dirname, 'package'), directory, { recursive: true });
  const sources = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  for (const source of sources) {
    const path = join(directory, source);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/'(\.\.\/)+lib'/g, "'cdk-distroless'"));
  }
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
  const installed = join(directory, 'node_modules/cdk-distroless');
  mkdirSync(installed, { recursive: true });
  run(installed, 'tar', '-xzf', library, '--strip-components=1');
  run(directory, join(ROOT, 'node_modules/.bin/tsc'));
}

/** Packs a package; answers the name of the archive. */
function pack(directory: string, destination: string): string {
  return run(directory, 'npm', 'pack', '--silent', '--pack-destination', destination).trim();
}

/** Has a template take packages from the folder beside its package.json. */
function takeFromVendor(template: string, archives: Readonly<Record<string, string>>): void {
  const path = join(template, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { dependencies: Record<string, string> };
  for (const [name, archive] of Object.entries(archives)) manifest.dependencies[name] = `file:vendor/${archive}`;
  writeFileSync(path, JSON.stringify(manifest, null, 2) + '\n');
  run(
    template,
    'npm',
    'install',
    '--package-lock-only',
    '--omit-lockfile-registry-resolved',
    '--no-audit',
    '--no-fund',
  );
}

function publish(destination: string): void {
  const template = join(destination, 'templates/service/typescript');
  const vendor = join(template, 'vendor');
  cpSync(join(__dirname, 'templates'), join(destination, 'templates'), { recursive: true });
  mkdirSync(vendor, { recursive: true });
  const library = pack(ROOT, vendor);
  // Below the repository, so that the compiler finds what else the package imports.
  const build = join(ROOT, 'dist/example-platform');
  rmSync(build, { recursive: true, force: true });
  compilePackage(build, join(vendor, library));
  takeFromVendor(template, { 'cdk-distroless': library, '@example/platform': pack(build, vendor) });
}

publish(resolve(process.argv[2] ?? 'dist/platform'));
