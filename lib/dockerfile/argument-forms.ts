import type { EscapeToken } from './directives';
import { fromByteString, isSpace, toByteString, trimLeadingSpace } from './go-text';
import { RefusedDockerfile } from './refusal';

/** The arguments of an instruction. */
export interface Arguments {
  readonly args: readonly string[];
  readonly json: boolean;
}

const NONE: Arguments = { args: [], json: false };
const BLANKS = /[\t\v\f\r ]+/;

/** How the arguments of each instruction are read; what is not listed is no instruction. */
export type ArgumentForm = (rest: string, escape: EscapeToken) => Arguments;

/** Words between blanks; quotes mean nothing. */
export const blankDelimited: ArgumentForm = (rest) => (rest === '' ? NONE : plain(rest.split(BLANKS)));

/** Everything as one argument. */
export const wholeRest: ArgumentForm = (rest) => (rest === '' ? NONE : plain([rest]));

/** A JSON array of strings, or else everything as one argument. */
export const jsonOrWhole: ArgumentForm = (rest) => jsonArray(rest) ?? wholeRest(rest, '\\');

/** A JSON array of strings, or else words between blanks. */
export const jsonOrBlankDelimited: ArgumentForm = (rest) => jsonArray(rest) ?? blankDelimited(rest, '\\');

/** Words of which quotes and escapes may hold blanks; they keep both. */
export const quotedWords: ArgumentForm = (rest, escape) => plain(splitQuoted(rest, escape));

/** `key=value ...`, or `key value with blanks`. */
export function keyValues(instruction: string): ArgumentForm {
  return (rest, escape) => {
    const words = splitQuoted(rest, escape);
    if (words.length === 0) return NONE;
    if (!words[0].includes('=')) return plain(oldKeyValue(rest, instruction));
    const args: string[] = [];
    for (const word of words) addKeyValue(word, args);
    return plain(args);
  };
}

function oldKeyValue(rest: string, instruction: string): string[] {
  const gap = BLANKS.exec(rest);
  if (gap === null) throw new RefusedDockerfile(`${instruction} must have two arguments`);
  return [rest.slice(0, gap.index), rest.slice(gap.index + gap[0].length), ''];
}

function addKeyValue(word: string, args: string[]): void {
  const equals = word.indexOf('=');
  if (equals < 0) {
    throw new RefusedDockerfile(
      `Syntax error - can't find = in ${JSON.stringify(word)}. Must be of the form: name=value`,
    );
  }
  args.push(word.slice(0, equals), word.slice(equals + 1), '=');
}

/** `NONE`, or `CMD` and a command. The word before the command ends at the first byte that could be a blank. */
export const healthCheck: ArgumentForm = (rest) => {
  const bytes = toByteString(rest);
  let end = 0;
  while (end < bytes.length && !isSpace(bytes[end])) end++;
  let next = end;
  while (next < bytes.length && isSpace(bytes[next])) next++;
  if (end === 0) return NONE;
  const command = jsonOrWhole(fromByteString(bytes.slice(next)), '\\');
  return { args: [fromByteString(bytes.slice(0, end)), ...command.args], json: command.json };
};

function plain(args: readonly string[]): Arguments {
  return { args, json: false };
}

/** The JSON form; undefined for anything that is no JSON array, which is then read as plain text without a word. */
function jsonArray(rest: string): Arguments | undefined {
  const text = trimLeadingSpace(rest);
  if (!text.startsWith('[')) return undefined;
  const values = tryParseJson(text);
  if (values === undefined) return undefined;
  if (!values.every((value) => typeof value === 'string')) {
    throw new RefusedDockerfile('when using JSON array syntax, arrays must be comprised of strings only');
  }
  // Go has no lone surrogates.
  return { args: values.map((value) => value.replace(/\p{Surrogate}/gu, '\ufffd')), json: true };
}

function tryParseJson(text: string): unknown[] | undefined {
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}

/** Splits at blanks outside of quotes. */
function splitQuoted(text: string, escape: EscapeToken): string[] {
  // Nearly all arguments are printable ASCII without anything special in it.
  if (/^[!#-&(-[\]-_a-~]*$/.test(text)) return text === '' ? [] : [text];
  return new QuotedSplitter(text, escape).split();
}

class QuotedSplitter {
  private readonly words: string[] = [];
  private word = '';
  private quote = '';
  private blankAllowed = false;

  public constructor(
    private readonly text: string,
    private readonly escape: EscapeToken,
  ) {}

  public split(): string[] {
    for (let i = 0; i < this.text.length; i++) {
      const character = this.text[i];
      if (this.quote === '' && isSpace(character)) this.endWord();
      else if (character === this.escape && this.quote !== "'") {
        // An escape token at the very end is dropped.
        if (i + 1 < this.text.length) this.word += character + this.text[++i];
      } else this.add(character);
    }
    this.endWord();
    return this.words;
  }

  private add(character: string): void {
    if (this.quote === '' && (character === '"' || character === "'")) {
      this.quote = character;
      this.blankAllowed = true;
    } else if (character === this.quote) this.quote = '';
    this.word += character;
  }

  private endWord(): void {
    if (this.word !== '' || this.blankAllowed) this.words.push(this.word);
    this.word = '';
    this.blankAllowed = false;
  }
}
