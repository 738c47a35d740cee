/** Why a text is not JSON (RFC 8259), and on which line. */
export class JsonSyntaxError extends Error {
  public override readonly name = 'JsonSyntaxError';

  public constructor(
    public readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** A value, and the line on which each of its parts begins, by JSON pointer. */
export interface LocatedJson {
  readonly value: unknown;
  readonly lines: ReadonlyMap<string, number>;
}

const TOKEN =
  /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;
const SPACE = /[ \t\r\n]*/y;

/** Nobody writes by hand what is nested deeper; a program's stack has an end. */
const MAX_DEPTH = 100;

/**
 * Parses JSON that people edit: knows the lines, and refuses a member that is there twice, of which `JSON.parse` drops one in silence.
 *
 * @throws JsonSyntaxError
 */
export function parseLocatedJson(text: string): LocatedJson {
  const parser = new Parser(text);
  const value = parser.value('', 0);
  parser.end();
  return { value, lines: parser.lines };
}

/** The JSON pointer of a member: `~` and `/` in names are escaped (RFC 6901). */
export function memberPointer(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class Parser {
  public readonly lines = new Map<string, number>();
  private position = 0;
  private line = 1;

  public constructor(private readonly text: string) {}

  public value(pointer: string, depth: number): unknown {
    const token = this.next();
    if (!this.lines.has(pointer)) this.lines.set(pointer, this.line);
    if (depth > MAX_DEPTH) throw new JsonSyntaxError(this.line, `nested deeper than ${MAX_DEPTH}`);
    if (token === '{') return this.object(pointer, depth);
    if (token === '[') return this.array(pointer, depth);
    if (/^[}\],:]/.test(token)) throw this.unexpected(token);
    return JSON.parse(token);
  }

  public end(): void {
    const token = this.peek();
    if (token !== '') throw this.unexpected(token);
  }

  private object(pointer: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.members('}', () => {
      const token = this.next();
      if (!token.startsWith('"')) throw this.unexpected(token);
      const name = JSON.parse(token) as string;
      if (members.has(name)) throw new JsonSyntaxError(this.line, `${token} is there twice`);
      this.lines.set(memberPointer(pointer, name), this.line);
      const colon = this.next();
      if (colon !== ':') throw this.unexpected(colon);
      members.set(name, this.value(memberPointer(pointer, name), depth + 1));
    });
    return Object.fromEntries(members);
  }

  private array(pointer: string, depth: number): unknown {
    const items: unknown[] = [];
    this.members(']', () => items.push(this.value(memberPointer(pointer, items.length), depth + 1)));
    return items;
  }

  private members(close: string, member: () => void): void {
    if (this.peek() === close) {
      this.next();
      return;
    }
    for (;;) {
      member();
      const token = this.next();
      if (token === close) return;
      if (token !== ',') throw this.unexpected(token);
    }
  }

  /** The next token; '' at the end of the text. */
  private peek(): string {
    this.skipSpace();
    if (this.position === this.text.length) return '';
    TOKEN.lastIndex = this.position;
    const [token] = TOKEN.exec(this.text) ?? [];
    if (token === undefined) throw this.unexpected(this.text.slice(this.position, this.position + 20).split('\n')[0]);
    return token;
  }

  private next(): string {
    const token = this.peek();
    if (token === '') throw new JsonSyntaxError(this.line, 'not JSON: it ends too early');
    this.position += token.length;
    return token;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.position;
    const [space] = SPACE.exec(this.text) ?? [''];
    this.line += space.split('\n').length - 1;
    this.position += space.length;
  }

  private unexpected(token: string): JsonSyntaxError {
    return new JsonSyntaxError(this.line, `not JSON: ${token} is not expected here`);
  }
}
