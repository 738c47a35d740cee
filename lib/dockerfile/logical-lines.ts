import type { EscapeToken } from './directives';
import { DirectiveReader, escapeToken } from './directives';
import { isSpace, trimLeadingSpace } from './go-text';
import { partitionPoint } from './partition-point';
import { RefusedDockerfile } from './refusal';
import type { Place } from './refusal';

/** BuildKit reads lines through a buffer of 64 KiB. */
const MAX_LINE_BYTES = 65_535;

/** Where a piece of a logical line stands in the file. */
interface Segment {
  /** Where the piece begins in the logical line. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** An instruction's text with its continuation lines joined, which knows where each character came from. */
export class LogicalLine {
  private shown?: string;

  public constructor(
    public readonly text: string,
    /** Number of its first line, counted from 1. */
    public readonly line: number,
    /** Column of its first character, counted from 1. */
    private readonly column: number,
    /** The pieces of the text that stand on further lines. */
    private readonly continuations: readonly Segment[],
  ) {}

  /** The place of a character; without one, the place of the whole instruction. */
  public place(offset?: number): Place {
    const text = (this.shown ??= this.oneLine());
    if (offset === undefined) return { line: this.line, text };
    const segment = this.segmentAt(offset);
    return { line: this.line, column: (segment?.column ?? this.column) + offset - (segment?.offset ?? 0), text };
  }

  private segmentAt(offset: number): Segment | undefined {
    const { continuations } = this;
    if (continuations.length === 0) return undefined;
    return continuations[partitionPoint(continuations.length, (index) => continuations[index].offset <= offset) - 1];
  }

  /** Blanks that only indent continuation lines are closed up. */
  private oneLine(): string {
    return (this.continuations.length > 0 ? this.text.replace(/[ \t]+/g, ' ') : this.text).trim();
  }
}

const NO_CONTINUATIONS: readonly Segment[] = [];

/** Cuts a Dockerfile into logical lines, and hands out the raw lines that are the bodies of heredocs. */
export class LineReader {
  public escape: EscapeToken = '\\';
  private readonly directives = new DirectiveReader();
  private position: number;
  private lineNumber = 0;

  public constructor(private readonly text: string) {
    this.position = text.startsWith('\ufeff') ? 1 : 0;
  }

  /** The next instruction; undefined at the end. Blank lines and comments are passed over. */
  public next(): LogicalLine | undefined {
    for (let raw = this.rawLine(); raw !== undefined; raw = this.rawLine()) {
      const first = this.firstLine(withoutNewline(raw));
      if (first.text !== '' || first.continues) return this.complete(raw, first);
    }
    return undefined;
  }

  /** The next line as it stands, with its newline; undefined at the end. */
  public rawLine(): string | undefined {
    if (this.position >= this.text.length) return undefined;
    const newline = this.text.indexOf('\n', this.position);
    const end = newline < 0 ? this.text.length : newline + 1;
    const raw = this.text.slice(this.position, end);
    this.position = end;
    this.lineNumber++;
    this.checkLength(raw, newline < 0 ? 0 : 1);
    return raw;
  }

  private checkLength(raw: string, newlineLength: number): void {
    if (raw.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(raw) - newlineLength <= MAX_LINE_BYTES) return;
    const place = { line: this.lineNumber, text: `${raw.slice(0, 80)}...` };
    throw new RefusedDockerfile(`dockerfile line greater than max allowed size of ${MAX_LINE_BYTES}`, place);
  }

  private firstLine(line: string): { text: string; continues: boolean } {
    const trimmed = trimLeadingSpace(line);
    this.readDirective(trimmed);
    return this.cutContinuation(trimmed.startsWith('#') ? '' : trimmed);
  }

  private readDirective(line: string): void {
    try {
      const directive = this.directives.read(line);
      if (directive?.name === 'escape') this.escape = escapeToken(directive.value);
    } catch (error) {
      throw error instanceof RefusedDockerfile
        ? new RefusedDockerfile(error.message, { line: this.lineNumber, text: line })
        : error;
    }
  }

  private complete(raw: string, first: { text: string; continues: boolean }): LogicalLine {
    const line = this.lineNumber;
    const column = raw.length - trimLeadingSpace(raw).length + 1;
    if (!first.continues) return new LogicalLine(first.text, line, column, NO_CONTINUATIONS);
    const pieces = [first.text];
    const continuations = this.continuations(first.text.length, pieces);
    return new LogicalLine(pieces.join(''), line, column, continuations);
  }

  /** Reads the lines that continue one of `length` characters; their texts are appended to `pieces`. */
  private continuations(length: number, pieces: string[]): Segment[] {
    const segments: Segment[] = [];
    let offset = length;
    for (let raw = this.rawLine(); raw !== undefined; raw = this.rawLine()) {
      const line = withoutNewline(raw);
      if (isCommentOrBlank(line)) continue;
      const piece = this.cutContinuation(line);
      segments.push({ offset, line: this.lineNumber, column: 1 });
      pieces.push(piece.text);
      offset += piece.text.length;
      if (!piece.continues) break;
    }
    return segments;
  }

  /** An escape token at the end, blanks behind it allowed, continues the line unless another one stands before it. */
  private cutContinuation(line: string): { text: string; continues: boolean } {
    let end = line.length;
    while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
    const continues = line[end - 1] === this.escape && line[end - 2] !== this.escape;
    return { text: continues ? line.slice(0, end - 1) : line, continues };
  }
}

/** A line without the line feeds and carriage returns at its end. */
export function withoutNewline(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === '\n' || line[end - 1] === '\r')) end--;
  return line.slice(0, end);
}

function isCommentOrBlank(line: string): boolean {
  let start = 0;
  while (start < line.length && isSpace(line[start])) start++;
  return start === line.length || line[start] === '#';
}
