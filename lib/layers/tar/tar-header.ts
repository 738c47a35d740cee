import { InspectionError } from '../inspection-error';

/** Bytes in a block; headers are one block, bodies are filled up to whole blocks. */
export const BLOCK = 512;

/** The fields of a header block, names not yet put together with the records that may precede it. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly type: string;
  /** Of a link; '' for all else. */
  readonly target: string;
}

/** Where the fields lie (POSIX.1-1988 ustar; GNU and the older formats agree on these). */
const FIELD = {
  name: [0, 100],
  mode: [100, 108],
  size: [124, 136],
  checksum: [148, 156],
  type: [156, 157],
  target: [157, 257],
  magic: [257, 263],
  prefix: [345, 500],
  starPrefix: [345, 476],
  starTrailer: [508, 512],
} as const satisfies Record<string, readonly [number, number]>;

type Field = keyof typeof FIELD;

/** Other entries have no target, whatever the field says. */
const LINK_TYPES = '12';

const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;
const BLANK = 0x20;

/** Reads header blocks where they lie. */
export class HeaderReader {
  /** The memory in which the last one lay, as words of four bytes: chunks come in the same few places. */
  private words: Int32Array = new Int32Array(0);

  /** Reads the block that begins at this place, and lies wholly in these bytes. */
  public read(bytes: Buffer, at: number): TarHeader {
    const start = bytes.byteOffset + at;
    if (start % WORD_BYTES !== 0) return this.read(aligned(bytes.subarray(at, at + BLOCK)), 0);
    // Read as text once: to take fields out of a string costs little, and each reading of a buffer much.
    const header = bytes.toString('latin1', at, at + BLOCK);
    if (this.words.buffer !== bytes.buffer) this.words = wordsOf(bytes.buffer);
    const stored = number(header, 'checksum');
    if (stored !== checksum(this.words, start / WORD_BYTES, header)) verifySignedChecksum(stored, header);
    const type = header[FIELD.type[0]];
    return {
      name: fullName(header),
      mode: number(header, 'mode'),
      size: number(header, 'size'),
      type,
      target: LINK_TYPES.includes(type) ? text(header, 'target') : '',
    };
  }
}

/** Whether there are nothing but zeros, as at the end of an archive. */
export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** The name, with its prefix in the two formats that have one. GNU tar keeps times where they have the prefix. */
function fullName(header: string): string {
  const name = text(header, 'name');
  if (header[FIELD.prefix[0]] === '\0' || !header.startsWith('ustar\0', FIELD.magic[0])) return name;
  const star = header.startsWith('tar\0', FIELD.starTrailer[0]);
  return `${text(header, star ? 'starPrefix' : 'prefix')}/${name}`;
}

/** A field of text, one character for each byte, up to the first NUL. */
function text(header: string, field: Field): string {
  const [start, end] = FIELD[field];
  const stop = header.indexOf('\0', start);
  return header.slice(start, stop < 0 ? end : Math.min(stop, end));
}

/** A number: octal digits, or base 256 when the first bit is set (GNU, star). */
function number(header: string, field: Field): number {
  const [start, end] = FIELD[field];
  if (header.charCodeAt(start) >= 0x80) return base256(Buffer.from(header.slice(start, end), 'latin1'), field);
  return plainOctal(header, start, end) ?? octal(text(header, field), field);
}

/** A number as nearly all are written, zeros first and one NUL or blank at the end; undefined when it is written in another way. */
function plainOctal(header: string, start: number, end: number): number | undefined {
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = header.charCodeAt(at);
    if (code >= 0x30 && code < 0x38) value = 8 * value + code - 0x30;
    else return at > start && code === 0 ? value : undefined;
  }
  return undefined;
}

function octal(field: string, name: Field): number {
  const digits = field.trim();
  if (!/^[0-7]*$/.test(digits)) throw new InspectionError('corrupt', `tar header with a damaged ${name}`);
  return digits === '' ? 0 : parseInt(digits, 8);
}

function base256(bytes: Buffer, field: Field): number {
  if ((bytes[0] & 0x40) !== 0) throw new InspectionError('corrupt', `tar header with a negative ${field}`);
  const value = bytes.reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  if (!Number.isSafeInteger(value)) throw new InspectionError('corrupt', `tar header with an impossible ${field}`);
  return value;
}

/** A copy at the beginning of memory of its own, where words can be read. */
function aligned(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}

function wordsOf(memory: ArrayBufferLike): Int32Array {
  return new Int32Array(memory, 0, Math.floor(memory.byteLength / WORD_BYTES));
}

/**
 * The sum of all bytes, its own field counted as blanks. Adds four bytes at a time to two sums of 16 bits each: a block is too short
 * for either to overflow.
 */
function checksum(words: Int32Array, start: number, header: string): number {
  const end = start + BLOCK / WORD_BYTES;
  let sums = 0;
  for (let i = start; i < end; i++) {
    const word = words[i];
    sums = (sums + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0;
  }
  return (sums & 0xffff) + (sums >>> 16) - sumOfOwnField(header);
}

/** By how much the checksum's own bytes are more than blanks. */
function sumOfOwnField(header: string): number {
  const [start, end] = FIELD.checksum;
  let sum = 0;
  for (let at = start; at < end; at++) sum += header.charCodeAt(at) - BLANK;
  return sum;
}

/** Some old writers added signed bytes. */
function verifySignedChecksum(stored: number, header: string): void {
  const [start, end] = FIELD.checksum;
  const bytes = Int8Array.from(Buffer.from(header, 'latin1').fill(BLANK, start, end));
  if (stored === bytes.reduce((sum, byte) => sum + byte, 0)) return;
  throw new InspectionError(
    'corrupt',
    'tar header with a wrong checksum',
    {},
    'not a tar archive, damaged, or compressed',
  );
}
