import { expandWords, NO_VARIABLES } from './expansion';
import type { ExpansionOptions } from './expansion';
import type { LineReader } from './logical-lines';
import { withoutNewline } from './logical-lines';
import { RefusedDockerfile } from './refusal';

/** Where a heredoc begins: `<<NAME`, `<<-NAME`, `3<<'NAME'`. */
export interface HeredocStart {
  readonly name: string;
  /** Whether variables in the body are expanded: no part of the name is quoted. */
  readonly expand: boolean;
  /** Whether the tabs at the beginning of the lines are dropped: `<<-`. */
  readonly chomp: boolean;
}

export interface Heredoc extends HeredocStart {
  /** The lines of the body as they stand in the file. */
  readonly content: string;
}

const START = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/;

// Heredocs know the backslash only, whatever `# escape` says.
const LINE: ExpansionOptions = { escape: '\\', rawQuotes: true, rawEscapes: true, keepUnset: true };
const NAME: ExpansionOptions = { escape: '\\', keepUnset: true };
const RAW_NAME: ExpansionOptions = { ...NAME, rawQuotes: true };

/** The heredocs that begin on a logical line. A line whose quotes do not close has none. */
export function heredocStarts(line: string): HeredocStart[] {
  return wordsOf(line).flatMap((word) => heredocStart(word) ?? []);
}

function wordsOf(line: string): readonly string[] {
  try {
    return expandWords(line, NO_VARIABLES, LINE);
  } catch (error) {
    if (error instanceof RefusedDockerfile) return [];
    throw error;
  }
}

/** Reads one word as the start of a heredoc; undefined when it is none. */
export function heredocStart(word: string): HeredocStart | undefined {
  const match = START.exec(word);
  if (match === null || match[2] === '') return undefined;
  const names = expandWords(match[2], NO_VARIABLES, NAME);
  if (names.length !== 1) return undefined;
  const [rawName] = expandWords(match[2], NO_VARIABLES, RAW_NAME);
  return { name: names[0], expand: quotes(names[0]) === quotes(rawName), chomp: match[1] === '-' };
}

/** {@link heredocStart} for a word that is no heredoc when it cannot be read. */
export function tryHeredocStart(word: string): HeredocStart | undefined {
  if (!word.includes('<<')) return undefined;
  try {
    return heredocStart(word);
  } catch (error) {
    if (error instanceof RefusedDockerfile) return undefined;
    throw error;
  }
}

function quotes(text: string): number {
  return text.split(/['"]/).length;
}

/** Reads the body that follows the line; undefined when its end never comes. */
export function readHeredoc(start: HeredocStart, lines: LineReader): Heredoc | undefined {
  const content: string[] = [];
  for (let raw = lines.rawLine(); raw !== undefined; raw = lines.rawLine()) {
    const line = withoutNewline(raw);
    if ((start.chomp ? line.replace(/^\t+/, '') : line) === start.name) return { ...start, content: content.join('') };
    content.push(raw);
  }
  return undefined;
}

/** The body as the file or the script that it becomes. */
export function heredocBody(heredoc: Heredoc): string {
  return heredoc.chomp ? heredoc.content.replace(/^\t+/gm, '') : heredoc.content;
}
