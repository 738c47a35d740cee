import { trimLeadingSpace } from './go-text';
import { RefusedDockerfile } from './refusal';

const KEY = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=/;
const BLANK = new Set(['\t', '\n', '\f', '\r', ' ']);
const KNOWN = new Set(['syntax', 'escape', 'check']);

/** The characters that can continue a line and take away the meaning of the next character. */
export type EscapeToken = '\\' | '`';

interface Directive {
  readonly name: string;
  readonly value: string;
}

/** Reads the parser directives at the head of a Dockerfile: the first line that is not a known one ends them. */
export class DirectiveReader {
  private done = false;
  private readonly seen = new Set<string>();

  public constructor(private readonly comment: '#' | '//' = '#') {}

  /** What a line directs; undefined from the first line on that directs nothing. */
  public read(line: string): Directive | undefined {
    const directive = this.done ? undefined : this.match(line);
    if (directive === undefined) {
      this.done = true;
      return undefined;
    }
    if (this.seen.has(directive.name)) {
      throw new RefusedDockerfile(`only one ${directive.name} parser directive can be used`);
    }
    this.seen.add(directive.name);
    return directive;
  }

  private match(line: string): Directive | undefined {
    if (!line.startsWith(this.comment)) return undefined;
    const body = trimLeadingSpace(line.slice(this.comment.length));
    const match = KEY.exec(body);
    if (match === null || match[0].length === body.length) return undefined;
    const name = match[1].toLowerCase();
    return KNOWN.has(name) ? { name, value: trimBlanks(body.slice(match[0].length)) } : undefined;
  }
}

/** The value without the blanks around it; of blanks alone the last one is left, since a directive has some value. */
function trimBlanks(value: string): string {
  let start = 0;
  while (start < value.length - 1 && BLANK.has(value[start])) start++;
  let end = value.length;
  while (end > start + 1 && BLANK.has(value[end - 1])) end--;
  return value.slice(start, end);
}

export function escapeToken(value: string): EscapeToken {
  if (value === '\\' || value === '`') return value;
  throw new RefusedDockerfile(`invalid escape token '${value}' does not match \` or \\`);
}

/**
 * The frontend that a Dockerfile asks for: `# syntax=`, also behind `//`, as JSON, and after a `#!` line.
 *
 * BuildKit hands the whole build to that image, so it may mean anything.
 */
export function requestedSyntax(text: string): string | undefined {
  const body = withoutHead(text);
  return findDirective(body, 'syntax', '#') ?? findDirective(body, 'syntax', '//') ?? jsonSyntax(body);
}

/** The options that a Dockerfile gives to BuildKit's checks: `# check=`, also after a `#!` line. */
export function requestedChecks(text: string): string | undefined {
  return findDirective(withoutHead(text), 'check', '#');
}

function withoutHead(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/^#![^\n]*(\n|$)/, '');
}

/** The first word of what a directive says. */
function findDirective(body: string, name: string, comment: '#' | '//'): string | undefined {
  const reader = new DirectiveReader(comment);
  for (let start = 0; start < body.length;) {
    const newline = body.indexOf('\n', start);
    const end = newline < 0 ? body.length : newline;
    const directive = readOrStop(reader, body.slice(start, end).replace(/\r$/, ''));
    if (directive === undefined) return undefined;
    if (directive.name === name) return directive.value.split(' ')[0];
    start = end + 1;
  }
  return undefined;
}

/** A directive given twice ends the search; the parser refuses the file for it later. */
function readOrStop(reader: DirectiveReader, line: string): Directive | undefined {
  try {
    return reader.read(line);
  } catch {
    return undefined;
  }
}

function jsonSyntax(body: string): string | undefined {
  if (!trimLeadingSpace(body).startsWith('{')) return undefined;
  try {
    const value = (JSON.parse(body) as { syntax?: unknown }).syntax;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
