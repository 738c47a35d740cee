import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';
import * as library from '../../lib';
import { codeBlocks } from './markdown';
import { SNIPPET_FILES } from './snippet-files';

function run(snippet: string): void {
  const { outputText } = ts.transpileModule(snippet, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const resolve = (name: string): unknown => (name === 'cdk-distroless' ? library : jest.requireActual(name));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the README's code is to run as it stands there
  const body = new Function('require', 'exports', outputText) as (require: unknown, exports: object) => void;
  body(resolve, {});
}

const home = process.cwd();
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'readme-'));
  for (const [file, text] of Object.entries(SNIPPET_FILES)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  process.chdir(directory);
});

afterEach(() => {
  process.chdir(home);
  rmSync(directory, { recursive: true });
});

test('the README shows code', () => {
  expect(codeBlocks('ts').length).toBeGreaterThanOrEqual(3);
});

test.each(codeBlocks('ts').map((snippet, index) => [index + 1, snippet] as const))(
  'snippet %d of the README synthesizes without an error',
  (_number, snippet) => expect(() => run(snippet)).not.toThrow(),
);
