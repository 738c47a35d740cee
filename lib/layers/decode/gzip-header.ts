import { crc32 } from 'node:zlib';
import { InspectionError } from '../inspection-error';

/** The header of a gzip member (RFC 1952, 2.3): so many bytes that are always there, and flags of what may follow. */
const FIXED_BYTES = 10;
const FLAGS = { checksum: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 } as const;
const DEFLATE = 8;

/** Longer names and comments have no purpose but to fill the memory. */
const MOST_BYTES = 256 * 1024;

/**
 * How long the header is that a gzip member begins with.
 *
 * @param bytes the first bytes of the member
 * @returns undefined when it goes on behind them
 * @throws InspectionError when it is none
 */
export function gzipHeaderLength(bytes: Uint8Array): number | undefined {
  checkBeginning(bytes);
  if (bytes.length < FIXED_BYTES) return undefined;
  const end = endOfFields(bytes, bytes[3]);
  if (end !== undefined && end <= bytes.length) return end;
  if (bytes.length > MOST_BYTES) throw new InspectionError('unsupported', 'gzip: a header of more than 256 KiB');
  return undefined;
}

function checkBeginning([first, second = 0x8b, method = DEFLATE, flags = 0]: Uint8Array): void {
  if (first !== 0x1f || second !== 0x8b) throw new InspectionError('corrupt', 'gzip: incorrect header check');
  if (method !== DEFLATE) throw new InspectionError('corrupt', 'gzip: unknown compression method');
  if ((flags & FLAGS.reserved) !== 0) throw new InspectionError('corrupt', 'gzip: unknown header flags set');
}

function endOfFields(bytes: Uint8Array, flags: number): number | undefined {
  let at: number | undefined = FIXED_BYTES;
  if (flags & FLAGS.extra) at = endOfExtra(bytes, at);
  if (flags & FLAGS.name) at = endOfText(bytes, at);
  if (flags & FLAGS.comment) at = endOfText(bytes, at);
  return flags & FLAGS.checksum ? endOfChecksum(bytes, at) : at;
}

function endOfExtra(bytes: Uint8Array, at: number): number | undefined {
  return bytes.length < at + 2 ? undefined : at + 2 + bytes[at] + 256 * bytes[at + 1];
}

function endOfText(bytes: Uint8Array, at: number | undefined): number | undefined {
  const zero = at === undefined ? -1 : bytes.indexOf(0, at);
  return zero === -1 ? undefined : zero + 1;
}

function endOfChecksum(bytes: Uint8Array, at: number | undefined): number | undefined {
  if (at === undefined || bytes.length < at + 2) return undefined;
  const expected = bytes[at] + 256 * bytes[at + 1];
  if ((crc32(bytes.subarray(0, at)) & 0xffff) === expected) return at + 2;
  throw new InspectionError('corrupt', 'gzip: header crc mismatch');
}
