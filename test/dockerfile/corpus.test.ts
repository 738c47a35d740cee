import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandWord, expandWords } from '../../lib/dockerfile/expansion';
import type { InstructionNode } from '../../lib/dockerfile/instruction-node';
import { parseDockerfile } from '../../lib/dockerfile/parse';
import { CORPORA, describeWith } from './test-data';

const FRONTEND = join(CORPORA, 'buildkit/frontend/dockerfile');

describeWith(FRONTEND, "BuildKit's own test data", () => {
  const files = join(FRONTEND, 'parser/testfiles');
  const cases = existsSync(files) ? readdirSync(files) : [];

  test.each(cases)('gives the tree of %s', (name) => {
    const expected = readFileSync(join(files, name, 'result'), 'utf8');
    expect(dump(readFileSync(join(files, name, 'Dockerfile'), 'utf8'))).toBe(expected.trimEnd());
  });

  const negative = join(FRONTEND, 'parser/testfiles-negative');

  test.each(existsSync(negative) ? readdirSync(negative) : [])('refuses %s', (name) => {
    const file = join(negative, name, 'Dockerfile');
    expect(() => parseDockerfile(existsSync(file) ? readFileSync(file, 'utf8') : '')).toThrow();
  });

  test('expands as envVarTest says', () => {
    const variables = new Map([
      ['PWD', '/home'],
      ['SHELL', 'bash'],
      ['KOREAN', '한국어'],
      ['NULL', ''],
    ]);
    const lines = linesOf('shell/envVarTest').filter((line) => line !== '' && !line.startsWith('#'));
    const cells = lines.map((line) => line.split('|').map((cell) => cell.trim()));
    const answers = cells
      .filter(([platform]) => platform !== 'W')
      .map(([, input, expected]) => ({
        input,
        expected,
        actual: orError(() => expandWord(input, variables, { escape: '\\' })),
      }));
    expect(answers.length).toBeGreaterThan(200);
    expect(answers.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
  });

  test('splits as wordsTest says', () => {
    const variables = new Map<string, string>();
    const wrong: unknown[] = [];
    for (const line of linesOf('shell/wordsTest')) {
      const assignment = /^ENV *(\w+)=(.*)$/.exec(line);
      if (assignment) variables.set(assignment[1], assignment[2]);
      else if (line !== '' && !line.startsWith('#')) {
        const [input, words] = line.split('|');
        const actual = orError(() => expandWords(input.trim(), variables, { escape: '\\' }).join(','));
        if (actual !== words.replace(/^ +/, '')) wrong.push({ input, words, actual });
      }
    }
    expect(wrong).toEqual([]);
  });
});

function linesOf(name: string): string[] {
  return readFileSync(join(FRONTEND, name), 'utf8').split('\n');
}

function orError(read: () => string): string {
  try {
    return read();
  } catch {
    return 'error';
  }
}

/** The tree in the notation of BuildKit's dumps. */
function dump(text: string): string {
  return parseDockerfile(text)
    .nodes.map((node) => `(${dumpNode(node)})`)
    .join('\n');
}

function dumpNode(node: InstructionNode): string {
  const flags = node.flags.length > 0 ? [`[${node.flags.map(quote).join(' ')}]`] : [];
  const args = node.trigger ? [`(${dumpNode(node.trigger)})`] : node.args.map(quote);
  return [node.name, ...flags, ...args].join(' ');
}

const GO_ESCAPES: Record<string, string> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Go's `strconv.Quote`, as far as the data goes. */
function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[\x00-\x1f]/g, (character) => {
    return GO_ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}
