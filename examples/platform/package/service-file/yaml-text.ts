import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Document, Node, Scalar } from 'yaml';
import { isAlias, isMap, isSeq, LineCounter, parseDocument } from 'yaml';

/** Something in a file that is not in order. */
export interface Problem {
  /** Where, from the top of the document: `['services', 'quotes', 'path']`. */
  readonly path: readonly string[];
  readonly message: string;
}

/** A YAML file that knows on which line of it a value stands. */
export class YamlText {
  private readonly lines = new LineCounter();
  private readonly document: Document;

  /** @throws Error with file and line when the text is not YAML */
  public constructor(private readonly file: string) {
    this.document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: this.lines, prettyErrors: false });
    const { errors } = this.document;
    if (errors.length > 0)
      throw errorWithoutStack(errors.map(({ pos, message }) => `${this.place(pos[0])} ${message}`));
  }

  /** What it says, as plain data. */
  public get data(): unknown {
    return this.document.toJS() as unknown;
  }

  /** An error that tells of each problem by file, line, column and path. */
  public error(problems: readonly Problem[]): Error {
    const found = problems.map(({ path, message }) => ({ offset: this.offset(path), text: line(path, message) }));
    const inOrder = found.sort((one, other) => one.offset - other.offset);
    return errorWithoutStack(inOrder.map(({ offset, text }) => `${this.place(offset)} ${text}`));
  }

  private place(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${relative('', this.file)}:${line}:${col}`;
  }

  /** Where the key of a value stands; of what is missing, that of the nearest thing around it. */
  private offset(path: readonly string[]): number {
    let node: unknown = this.document.contents;
    let offset = 0;
    for (const key of path) {
      const member = memberOf(isAlias(node) ? node.resolve(this.document) : node, key);
      if (member === undefined) break;
      offset = member.key.range?.[0] ?? offset;
      node = member.value;
    }
    return offset;
  }
}

function memberOf(node: unknown, key: string): { readonly key: Node; readonly value: unknown } | undefined {
  if (isMap<Scalar>(node)) return node.items.find((pair) => String(pair.key.value) === key);
  const item = isSeq<Node>(node) ? node.items[Number(key)] : undefined;
  return item && { key: item, value: item };
}

function line(path: readonly string[], message: string): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** The place to look at is in the file, and nowhere in the code that read it. */
function errorWithoutStack(lines: readonly string[]): Error {
  const error = new Error(lines.join('\n'));
  error.stack = `${error.message}\n    at ${lines[0].split(' ', 1)[0]}`;
  return error;
}
