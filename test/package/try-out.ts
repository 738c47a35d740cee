/**
 * What a new user does: the package is installed from its tarball, the README's code is pasted, and it synthesizes. Needs the compiled
 * library (`npm run build`) and the npm registry; run by `npm run test:package`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeBlocks, ROOT } from '../readme/markdown';
import { SNIPPET_FILES } from '../readme/snippet-files';

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** What `cdk init app --language typescript` has, and the peers of this package. */
const COMPANIONS = ['aws-cdk', 'aws-cdk-lib', 'cdk-nag', 'constructs', '@types/node', 'typescript'];

const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'node16',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  rootDir: '.',
};

/** An empty folder that the package is installed and used in. */
class Sandbox {
  private readonly folder = mkdtempSync(join(tmpdir(), 'distroless-package-'));

  /** Packs the package as it would be published, and installs it beside the peers. */
  public install(): void {
    this.write('package.json', JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', this.folder], { cwd: ROOT, stdio: 'pipe' });
    const tarball = `./cdk-distroless-${MANIFEST.version}.tgz`;
    const companions = COMPANIONS.map((name) => `${name}@${MANIFEST.devDependencies[name]}`);
    this.succeed('npm', 'install', '--no-audit', '--no-fund', tarball, ...companions);
  }

  public write(name: string, content: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), content);
  }

  /** Runs a command that has to succeed; throws what it printed when it does not. */
  public succeed(command: string, ...args: string[]): void {
    const done = spawnSync(command, args, { cwd: this.folder, encoding: 'utf8' });
    if (done.status === 0) return;
    throw new Error(`${command} ${args.join(' ')} exited with ${done.status}\n${done.stdout}${done.stderr}`);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Each step as a user sees it, in order. */
function steps(sandbox: Sandbox): Array<[name: string, step: () => void]> {
  const snippets = codeBlocks('ts').map((text, index) => ({ file: `snippet-${index + 1}`, text }));
  const paste = (): void => {
    for (const { file, text } of snippets) sandbox.write(`${file}.ts`, text);
    for (const [file, text] of Object.entries(SNIPPET_FILES)) sandbox.write(file, text);
    const files = snippets.map(({ file }) => `${file}.ts`);
    sandbox.write('tsconfig.json', JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
  };
  // The CLI refuses an app without stacks, such as one that shows a policy only.
  const synthesize = ({ file, text }: { file: string; text: string }): void => {
    const args = ['cdk', 'synth', '--quiet', '--app', `node ${file}.js`, '--output', `cdk.out.${file}`];
    if (text.includes('new Stack(')) sandbox.succeed('npx', ...args);
    else sandbox.succeed('node', `${file}.js`);
  };
  return [
    ['the packed package is installed with its peers', () => sandbox.install()],
    ['the README’s code is pasted and compiles', () => (paste(), sandbox.succeed('npx', 'tsc'))],
    ...snippets.map((snippet): [string, () => void] => [
      `${snippet.file} of the README synthesizes`,
      () => synthesize(snippet),
    ]),
    ['the command answers', () => sandbox.succeed('npx', 'cdk-distroless', '--help')],
    ['the command explains a rule', () => sandbox.succeed('npx', 'cdk-distroless', 'explain', 'Shell')],
    ['the command checks an assembly', () => sandbox.succeed('npx', 'cdk-distroless', 'check', 'cdk.out.snippet-1')],
  ];
}

/** Stops at the first failure: the steps build on each other. */
function tryOut(): { passed: number; failed: number } {
  const sandbox = new Sandbox();
  let passed = 0;
  try {
    for (const [name, step] of steps(sandbox)) {
      step();
      passed++;
      console.log(`ok      ${name}`);
    }
    return { passed, failed: 0 };
  } catch (error) {
    console.log(`failed  ${(error as Error).message}`);
    return { passed, failed: 1 };
  } finally {
    sandbox.remove();
  }
}

const { passed, failed } = tryOut();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
