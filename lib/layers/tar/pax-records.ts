import { InspectionError } from '../inspection-error';

/** What the records before a header say about the entry, instead of the header. */
export interface Overrides {
  name?: string;
  target?: string;
  size?: number;
}

const HANDLED = new Set(['path', 'linkpath', 'size']);

/**
 * Keywords that change which bytes or which kind of file an entry is, and attributes by which overlay file systems hide files or take them
 * from elsewhere; readers disagree on all of them.
 */
const AMBIGUOUS =
  /^(GNU\.sparse\.|SCHILY\.(realsize|filetype|dev|ino|nlink)$|SCHILY\.xattr\.(trusted|user)\.overlay\.)/;

/**
 * Reads the records of an extended header (POSIX.1-2001: `LENGTH KEYWORD=VALUE\n`, the length counting the whole record).
 *
 * @throws InspectionError when a record is damaged, or when readers of tar archives disagree on what it means
 */
export function readPaxRecords(body: Buffer): Overrides {
  const overrides: Overrides = {};
  for (const [keyword, value] of records(body)) {
    if (AMBIGUOUS.test(keyword)) throw ambiguous(keyword);
    if (HANDLED.has(keyword)) apply(overrides, keyword, value);
  }
  return overrides;
}

/**
 * Checks the records of a global header, which hold for all entries that follow: comments and times are fine.
 *
 * @throws InspectionError when one names or resizes entries, because readers disagree on whether that counts
 */
export function checkGlobalPaxRecords(body: Buffer): void {
  for (const [keyword] of records(body)) {
    if (HANDLED.has(keyword) || AMBIGUOUS.test(keyword)) throw ambiguous(`${keyword} for all entries`);
  }
}

function apply(overrides: Overrides, keyword: string, value: string): void {
  const field = keyword === 'path' ? 'name' : keyword === 'linkpath' ? 'target' : 'size';
  if (overrides[field] !== undefined) throw ambiguous(`${keyword} twice`);
  if (value === '') throw ambiguous(`an empty ${keyword}`);
  if (field === 'size') overrides.size = size(value);
  else overrides[field] = name(value, keyword);
}

function name(value: string, keyword: string): string {
  if (value.includes('\0')) throw new InspectionError('corrupt', `pax record with a NUL in its ${keyword}`);
  return value;
}

function size(value: string): number {
  const bytes = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(bytes)) throw new InspectionError('corrupt', 'pax record with an impossible size');
  return bytes;
}

function* records(body: Buffer): Generator<[keyword: string, value: string]> {
  let at = 0;
  while (at < body.length) {
    const blank = body.indexOf(0x20, at);
    const digits = blank < 0 ? '' : body.toString('latin1', at, Math.min(blank, at + 16));
    const end = /^\d+$/.test(digits) ? at + Number(digits) : NaN;
    const equals = body.indexOf(0x3d, blank);
    if (!(end <= body.length) || equals < 0 || equals >= end || body[end - 1] !== 0x0a) throw damaged();
    yield [body.toString('latin1', blank + 1, equals), body.toString('latin1', equals + 1, end - 1)];
    at = end;
  }
}

function damaged(): InspectionError {
  return new InspectionError('corrupt', 'pax record that is not as long as it says');
}

function ambiguous(what: string): InspectionError {
  return new InspectionError('ambiguous', `pax record with ${what}, which programs read differently`);
}
