import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import {
  DistrolessTaskDefinition,
  DotnetImage,
  GoImage,
  JavaImage,
  NodejsImage,
  PythonImage,
  RustImage,
} from '../../../lib';
import type { DistrolessImage } from '../../../lib';

/** What failing-builds.test.ts builds: services, each with a file that its tool refuses, in a stack of its own. */
const app = new App();
const EXAMPLES = '../../../examples/platform/services';

const made: string[] = [];
process.once('exit', () => made.forEach((directory) => rmSync(directory, { recursive: true })));

/** A copy of a service in which a file says something else, or that has one more. */
function broken(service: string, file: string, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'distroless-e2e-broken-'));
  made.push(directory);
  cpSync(join(__dirname, service), directory, { recursive: true });
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  writeFileSync(join(directory, file), text);
  return directory;
}

function task(name: string, define: (stack: Stack) => DistrolessImage): void {
  const stack = new Stack(app, name);
  new DistrolessTaskDefinition(stack, 'Task', { image: define(stack) });
}

const tsc = broken(`${EXAMPLES}/node-api`, 'src/broken.ts', "export const broken: number = 'text';\n");
task('TypeScript', (stack) => new NodejsImage(stack, 'Image', { directory: tsc }));

const manifest = { main: 'dist/server.js', scripts: { build: 'tsc' }, dependencies: { ms: '2.1.3' } };
const npm = broken(`${EXAMPLES}/node-api`, 'package.json', JSON.stringify(manifest));
task('Npm', (stack) => new NodejsImage(stack, 'Image', { directory: npm }));

const go = broken('go-workspace', 'api/broken.go', 'package main\n\nvar _ int = "text"\n');
task('Go', (stack) => new GoImage(stack, 'Image', { directory: go, main: 'api', cgo: true }));

const pip = broken('python-locks/hashes', 'requirements.txt', `itsdangerous==2.2.0 --hash=sha256:${'0'.repeat(64)}\n`);
task('Python', (stack) => new PythonImage(stack, 'Image', { directory: pip, module: 'itsdangerous' }));

const javac = broken('java', 'src/main/java/com/example/Broken.java', 'class Broken {\n  int broken = "text";\n}\n');
task(
  'Java',
  (stack) => new JavaImage(stack, 'Image', { directory: javac, exclude: ['build.gradle', 'settings.gradle'] }),
);

const rustc = broken('rust', 'greeting/src/lib.rs', 'pub const BROKEN: u8 = "text";\n');
task('Rust', (stack) => new RustImage(stack, 'Image', { directory: rustc }));

const csc = broken('dotnet', 'src/Greeting/Broken.cs', 'class Broken\n{\n    int broken = "text";\n}\n');
task('Dotnet', (stack) => new DotnetImage(stack, 'Image', { directory: csc, projectFile: 'src/Api/Api.csproj' }));
