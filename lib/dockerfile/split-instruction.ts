import { fromByteString, isSpace, toByteString, toLower, trimLeadingSpace, trimSpace } from './go-text';

/** An instruction cut into its three parts. */
export interface InstructionParts {
  readonly keyword: string;
  /** In lower case: what the instruction is. */
  readonly name: string;
  /** The leading `--x` words, quotes and escapes removed. */
  readonly flags: readonly string[];
  readonly rest: string;
  /** Where `rest` begins in the line. */
  readonly restOffset: number;
}

const KEYWORD_END = /[\t\v\f\r ]+/;

export function splitInstruction(line: string): InstructionParts {
  const body = trimSpace(line);
  const leading = line.length - trimLeadingSpace(line).length;
  const gap = KEYWORD_END.exec(body);
  if (gap === null) {
    return { keyword: body, name: toLower(body), flags: [], rest: '', restOffset: leading + body.length };
  }
  const keyword = body.slice(0, gap.index);
  const afterKeyword = body.slice(gap.index + gap[0].length);
  const { flags, rest } = splitFlags(afterKeyword);
  const trimmed = trimSpace(rest);
  const restOffset = leading + body.length - trimLeadingSpace(rest).length;
  return { keyword, name: toLower(keyword), flags, rest: trimmed, restOffset };
}

function splitFlags(text: string): { flags: readonly string[]; rest: string } {
  if (!trimLeadingSpace(text).startsWith('--')) return { flags: [], rest: text };
  const reader = new FlagReader(toByteString(text));
  const rest = fromByteString(reader.read());
  return { flags: reader.flags, rest };
}

/**
 * Reads flags off the front of a byte string.
 *
 * BuildKit walks over bytes here and takes each for a character: what is not ASCII comes out as Latin-1, and the byte A0 ends a
 * word. A byte string has just these characters.
 */
class FlagReader {
  public readonly flags: string[] = [];
  private position = 0;

  public constructor(private readonly bytes: string) {}

  /** Reads all flags; answers what follows them. */
  public read(): string {
    for (;;) {
      while (this.position < this.bytes.length && isSpace(this.bytes[this.position])) this.position++;
      if (!this.bytes.startsWith('--', this.position)) return this.bytes.slice(this.position);
      const flag = this.word();
      if (flag === '--') return this.bytes.slice(this.position);
      this.flags.push(flag);
    }
  }

  private word(): string {
    let word = '';
    let quote = '';
    for (; this.position < this.bytes.length; this.position++) {
      const character = this.bytes[this.position];
      if (quote === '' && isSpace(character)) break;
      if (quote === '' ? character === '"' || character === "'" : character === quote) {
        quote = quote === '' ? character : '';
      } else if (character === '\\') {
        // An escape at the very end is dropped.
        this.position++;
        word += this.bytes[this.position] ?? '';
      } else word += character;
    }
    return word;
  }
}
