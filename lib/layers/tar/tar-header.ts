import { InspectionError } from '../inspection-error';

/** Bytes in a block; headers are one block, bodies are filled up to whole blocks. */
export const BLOCK = 512;

/** The fields of a header block, names not yet put together with the records that may precede it. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly type: string;
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

/** Reads a header block, which must lie in memory where words of four bytes do. */
export function readHeader(block: Buffer): TarHeader {
  // Read as text once: to take fields out of a string costs little, and each reading of a buffer much.
  const header = block.toString('latin1');
  verifyChecksum(block, header);
  return {
    name: fullName(header),
    mode: number(header, 'mode'),
    size: number(header, 'size'),
    type: header.slice(...FIELD.type),
    target: text(header, 'target'),
  };
}

/** Whether a block holds nothing but zeros, as the end of an archive does. */
export function isZeroBlock(block: Uint8Array): boolean {
  for (let i = 0; i < block.length; i++) if (block[i] !== 0) return false;
  return true;
}

/** The name, with its prefix in the two formats that have one. GNU tar keeps times where they have the prefix. */
function fullName(header: string): string {
  const name = text(header, 'name');
  if (header.slice(...FIELD.magic) !== 'ustar\0') return name;
  const star = header.slice(...FIELD.starTrailer) === 'tar\0';
  const prefix = text(header, star ? 'starPrefix' : 'prefix');
  return prefix === '' ? name : `${prefix}/${name}`;
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

/** The sum of all bytes, its own field counted as blanks. Some old writers added signed bytes. */
function verifyChecksum(block: Buffer, header: string): void {
  const stored = number(header, 'checksum');
  if (stored === unsignedSum(block) || stored === signedSum(block)) return;
  throw new InspectionError(
    'corrupt',
    'tar header with a wrong checksum',
    {},
    'not a tar archive, damaged, or compressed',
  );
}

function unsignedSum(block: Buffer): number {
  return sumOfBytes(block) + sumOverField(block, (byte) => 0x20 - byte);
}

function signedSum(block: Buffer): number {
  const negative = block.reduce((count, byte) => count + (byte >> 7), 0) - sumOverField(block, (byte) => byte >> 7);
  return unsignedSum(block) - 0x100 * negative;
}

function sumOverField(block: Buffer, of: (byte: number) => number): number {
  const [start, end] = FIELD.checksum;
  let sum = 0;
  for (let at = start; at < end; at++) sum += of(block[at]);
  return sum;
}

/** Adds four bytes at a time to two sums of 16 bits each: a block is too short for either to overflow. */
function sumOfBytes(block: Buffer): number {
  const words = new Int32Array(block.buffer, block.byteOffset, BLOCK / Int32Array.BYTES_PER_ELEMENT);
  let sums = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    sums = (sums + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0;
  }
  return (sums & 0xffff) + (sums >>> 16);
}
