import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The bodies of the fenced code blocks in a language. */
export function codeBlocks(language: string): string[] {
  return [...README.matchAll(new RegExp('^```' + language + '\\n(.*?)^```$', 'gms'))].map(([, body]) => body);
}

/** What stands between `<!-- name:start -->` and `<!-- name:end -->`. */
export function marked(name: string): string {
  const match = README.match(new RegExp(`<!-- ${name}:start -->\\n(.*?)<!-- ${name}:end -->`, 's'));
  if (match === null) throw new Error(`README.md has no part marked ${name}`);
  return match[1];
}

/** A table, as it stands in the README. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
