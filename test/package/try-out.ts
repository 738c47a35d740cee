/**
 * What a new user does: the package is installed from its tarball, the README's code is pasted, and it synthesizes; and what a team does that
 * gets the template of the example platform. Needs the compiled library (`npm run build`) and the npm registry; run by `npm run test:package`.
 */
import { codeBlocks } from '../readme/markdown';
import { SNIPPET_FILES } from '../readme/snippet-files';
import { platformSteps } from './platform-steps';
import type { Step } from './sandbox';
import { Sandbox } from './sandbox';

const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'node16',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  rootDir: '.',
};

/** Each step as a user sees it, in order. */
function readmeSteps(sandbox: Sandbox): Step[] {
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
    ...snippets.map((snippet): Step => [`${snippet.file} of the README synthesizes`, () => synthesize(snippet)]),
    ['the command answers', () => sandbox.succeed('npx', 'cdk-distroless', '--help')],
    ['the command explains a rule', () => sandbox.succeed('npx', 'cdk-distroless', 'explain', 'Shell')],
    ['the command checks an assembly', () => sandbox.succeed('npx', 'cdk-distroless', 'check', 'cdk.out.snippet-1')],
  ];
}

/** Stops at the first failure: the steps build on each other. */
function tryOut(): { passed: number; failed: number } {
  const [app, published, team] = [new Sandbox(), new Sandbox(), new Sandbox()];
  let passed = 0;
  try {
    for (const [name, step] of [...readmeSteps(app), ...platformSteps(published, team)]) {
      step();
      passed++;
      console.log(`ok      ${name}`);
    }
    return { passed, failed: 0 };
  } catch (error) {
    console.log(`failed  ${(error as Error).message}`);
    return { passed, failed: 1 };
  } finally {
    for (const sandbox of [app, published, team]) sandbox.remove();
  }
}

const { passed, failed } = tryOut();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
