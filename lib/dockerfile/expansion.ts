import type { EscapeToken } from './directives';
import { isSpace } from './go-text';
import { RefusedDockerfile } from './refusal';
import { ShellPattern } from './shell-pattern';

/** Deeper `${a:-${b:-...}}` are refused; BuildKit itself goes on until its stack is full. */
const MAX_DEPTH = 200;
/** A variable that doubles itself line after line would fill the memory. */
const MAX_RESULT_LENGTH = 1 << 20;

/** Values of variables. An absent name is unset, which `${name-word}` tells from empty. */
export type Variables = ReadonlyMap<string, string>;

export const NO_VARIABLES: Variables = new Map();

export interface ExpansionOptions {
  readonly escape: EscapeToken;
  /** Keep the quotes in the result. */
  readonly rawQuotes?: boolean;
  /** Keep the escape tokens in the result. */
  readonly rawEscapes?: boolean;
  /** Quotes have no meaning: for the bodies of heredocs. */
  readonly ignoreQuotes?: boolean;
  /** Leave references to unset variables as they are. */
  readonly keepUnset?: boolean;
  /** Told the names of variables that are unset. */
  readonly onUnset?: (name: string) => void;
}

export interface Expansion {
  readonly text: string;
  /** The result split at the blanks that are neither quoted nor escaped. */
  readonly words: readonly string[];
}

const PLAIN: Record<EscapeToken, RegExp> = { '\\': /^[^\ufeff$'"\\]*$/, '`': /^[^\ufeff$'"`]*$/ };

/** Expands the variables of one word and removes its quotes and escapes. */
export function expandWord(word: string, variables: Variables, options: ExpansionOptions): string {
  return PLAIN[options.escape].test(word) ? word : expand(word, variables, options).text;
}

/** Expands the variables of a text, then splits it into words. */
export function expandWords(text: string, variables: Variables, options: ExpansionOptions): readonly string[] {
  return expand(text, variables, options).words;
}

function expand(source: string, variables: Variables, options: ExpansionOptions): Expansion {
  try {
    return new Expander(source, variables, options).run();
  } catch (error) {
    if (!(error instanceof RefusedDockerfile)) throw error;
    throw new RefusedDockerfile(`failed to process ${JSON.stringify(abridged(source))}: ${error.message}`, error.place);
  }
}

function abridged(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** Collects the words of a result while it is written. */
class WordCollector {
  private readonly words: string[] = [];
  private word = '';
  private inWord = false;

  /** Adds text in which blanks end a word. */
  public addSplit(text: string): void {
    for (const character of text) {
      if (!isSpace(character)) this.addRaw(character);
      else if (this.inWord && this.word !== '') this.end();
    }
  }

  /** Adds text in which blanks are part of the word. */
  public addRaw(text: string): void {
    this.word += text;
    this.inWord = true;
  }

  public finish(): readonly string[] {
    if (this.word !== '') this.end();
    return this.words;
  }

  private end(): void {
    this.words.push(this.word);
    this.word = '';
    this.inWord = false;
  }
}

const NAME_START = /[\p{L}\p{Nd}_]/u;
const DIGIT = /\p{Nd}/u;
const SPECIAL_PARAMETERS = '@*#?-$!0';

/** One pass over a word; see BuildKit's frontend/dockerfile/shell. */
class Expander {
  private readonly characters: readonly string[];
  private position = 0;
  private depth = 0;
  private rawEscapes: boolean;

  public constructor(
    source: string,
    private readonly variables: Variables,
    private readonly options: ExpansionOptions,
  ) {
    // Go's scanner passes over a byte order mark at the beginning.
    this.characters = [...(source.startsWith('\ufeff') ? source.slice(1) : source)];
    this.rawEscapes = options.rawEscapes ?? false;
  }

  public run(): Expansion {
    return this.until(undefined, this.rawEscapes);
  }

  private peek(): string | undefined {
    return this.characters[this.position];
  }

  private take(): string | undefined {
    return this.characters[this.position++];
  }

  /** Reads up to an unquoted `stop` and past it. */
  private until(stop: string | undefined, rawEscapes: boolean): Expansion {
    if (++this.depth > MAX_DEPTH) throw new RefusedDockerfile(`substitutions nested deeper than ${MAX_DEPTH}`);
    const outer = this.rawEscapes;
    this.rawEscapes = rawEscapes;
    const result = this.collect(stop);
    this.rawEscapes = outer;
    this.depth--;
    return result;
  }

  private collect(stop: string | undefined): Expansion {
    const words = new WordCollector();
    let text = '';
    for (let next = this.peek(); next !== undefined; next = this.peek()) {
      if (next === stop) {
        this.position++;
        return { text, words: words.finish() };
      }
      text += this.element(next, words);
      if (text.length > MAX_RESULT_LENGTH) throw new RefusedDockerfile('the result is longer than 1 MiB');
    }
    if (stop !== undefined) throw new RefusedDockerfile(unexpectedEnd(stop));
    return { text, words: words.finish() };
  }

  /** Reads one element: a reference, a quoted part, an escaped or a plain character. */
  private element(next: string, words: WordCollector): string {
    if (next === '$') {
      const value = this.dollar();
      words.addSplit(value);
      return value;
    }
    const raw = this.quotedOrHeredoc(next);
    if (raw !== undefined) {
      words.addRaw(raw);
      return raw;
    }
    this.position++;
    if (next === this.options.escape) return this.escaped(next, words);
    words.addSplit(next);
    return next;
  }

  private quotedOrHeredoc(next: string): string | undefined {
    if (next === '<') return this.possibleHeredoc();
    if (this.options.ignoreQuotes === true) return undefined;
    if (next === "'") return this.singleQuoted();
    return next === '"' ? this.doubleQuoted() : undefined;
  }

  private escaped(token: string, words: WordCollector): string {
    const kept = this.rawEscapes ? token : '';
    const character = this.take() ?? '';
    if (kept + character !== '') words.addRaw(kept + character);
    return kept + character;
  }

  /** The blanks behind `<<` belong to the word, so that `<< EOF` is one. */
  private possibleHeredoc(): string {
    this.position++;
    if (this.peek() !== '<') return '<';
    const start = this.position - 1;
    this.position++;
    for (let next = this.peek(); next !== undefined && isSpace(next); next = this.peek()) this.position++;
    return this.characters.slice(start, this.position).join('');
  }

  private singleQuoted(): string {
    const start = this.position;
    const end = this.characters.indexOf("'", start + 1);
    if (end < 0) throw new RefusedDockerfile(unexpectedEnd('single-quote'));
    this.position = end + 1;
    const raw = this.options.rawQuotes === true ? 0 : 1;
    return this.characters.slice(start + raw, end + 1 - raw).join('');
  }

  private doubleQuoted(): string {
    const quote = this.options.rawQuotes === true ? '"' : '';
    let text = quote;
    this.position++;
    for (let next = this.peek(); next !== undefined; next = this.peek()) {
      if (next === '"') {
        this.position++;
        return text + quote;
      }
      text += next === '$' ? this.dollar() : this.quotedCharacter();
    }
    throw new RefusedDockerfile(unexpectedEnd('double-quote'));
  }

  /** Between double quotes the escape token escapes `"`, `$` and itself only. */
  private quotedCharacter(): string {
    const character = this.take() ?? '';
    if (character !== this.options.escape) return character;
    const kept = this.rawEscapes ? character : '';
    const next = this.peek();
    if (next === undefined) return kept;
    if (next !== '"' && next !== '$' && next !== this.options.escape) return kept + character;
    this.position++;
    return kept + next;
  }

  private dollar(): string {
    this.position++;
    if (this.peek() === '{') return this.braced();
    const name = this.name();
    if (name === '') return '$';
    return this.value(name) ?? (this.options.keepUnset === true ? `$${name}` : '');
  }

  private value(name: string): string | undefined {
    const value = this.variables.get(name);
    if (value === undefined) this.options.onUnset?.(name);
    return value;
  }

  private braced(): string {
    this.position++;
    const next = this.peek();
    if (next === undefined) throw new RefusedDockerfile("syntax error: missing '}'");
    if (next === '{' || next === '}' || next === ':') throw new RefusedDockerfile('syntax error: bad substitution');
    const name = this.name();
    const operator = this.take();
    if (operator === '}') {
      return this.value(name) ?? (this.options.keepUnset === true ? `\${${name}}` : '');
    }
    return operator === '/' ? this.replacement(name) : this.modified(name, operator);
  }

  /** `${name:-word}` and its kin; `first` is the character behind the name. */
  private modified(name: string, first: string | undefined): string {
    const colon = first === ':';
    const operator = colon ? this.take() : first;
    const modifier = colon ? `:${operator ?? ''}` : (first ?? '');
    if (!colon && !(operator !== undefined && '+-?#%'.includes(operator))) throw unsupported(modifier);
    const word = this.operand('}', operator === '#' || operator === '%', "syntax error: missing '}'");
    const value = this.value(name);
    if (value === undefined && this.options.keepUnset === true) return `\${${name}${modifier}${word}}`;
    const present = value !== undefined && !(colon && value === '');
    if (operator === '-') return present ? value : word;
    if (operator === '+') return present ? word : '';
    if (operator === '?') return required(name, value, present, word);
    if (operator === '#' || operator === '%') return trimmed(operator, word, value ?? '');
    throw unsupported(modifier);
  }

  private replacement(name: string): string {
    const all = this.peek() === '/';
    if (all) this.position++;
    const pattern = this.operand('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.operand('}', true, "syntax error: missing '}'");
    const value = this.value(name);
    if (value === undefined && this.options.keepUnset === true) return `\${${name}/${pattern}/${replacement}}`;
    const matcher = ShellPattern.parse(pattern);
    return all ? matcher.replaceAll(value ?? '', replacement) : matcher.replaceFirst(value ?? '', replacement);
  }

  private operand(stop: string, rawEscapes: boolean, atEnd: string): string {
    try {
      return this.until(stop, rawEscapes).text;
    } catch (error) {
      if (error instanceof RefusedDockerfile && this.peek() === undefined) throw new RefusedDockerfile(atEnd);
      throw error;
    }
  }

  /** A name, a positional parameter of any length, or one special parameter. */
  private name(): string {
    const first = this.peek() ?? '';
    const start = this.position;
    if (DIGIT.test(first)) {
      while (DIGIT.test(this.peek() ?? '')) this.position++;
    } else if (first !== '' && SPECIAL_PARAMETERS.includes(first)) {
      this.position++;
    } else {
      while (NAME_START.test(this.peek() ?? '')) this.position++;
    }
    return this.characters.slice(start, this.position).join('');
  }
}

function required(name: string, value: string | undefined, present: boolean, message: string): string {
  if (present) return value ?? '';
  const fallback = value === undefined ? 'is not allowed to be unset' : 'is not allowed to be empty';
  throw new RefusedDockerfile(`${name}: ${message === '' ? fallback : message}`);
}

/** A doubled operator (`##`, `%%`) takes the longest match; the second one arrives as the first character of the word. */
function trimmed(operator: '#' | '%', word: string, value: string): string {
  const longest = word.startsWith(operator);
  const pattern = ShellPattern.parse(longest ? word.slice(1) : word);
  return operator === '#' ? pattern.trimPrefix(value, longest) : pattern.trimSuffix(value, longest);
}

function unsupported(modifier: string): RefusedDockerfile {
  return new RefusedDockerfile(`unsupported modifier (${modifier}) in substitution`);
}

function unexpectedEnd(stop: string): string {
  return `unexpected end of statement while looking for matching ${stop}`;
}
