import { readSync } from 'node:fs';
import type { ByteSink } from '../image-source';
import { InspectionError } from '../inspection-error';

/** Read at a time while everything is wanted. */
const LARGE = 256 * 1024;
/** Read at a time while most is skipped: what is read beyond the next header is wasted. */
const SMALL = 16 * 1024;

/** A part of an open file. */
export interface FileRange {
  readonly fd: number;
  readonly start: number;
  readonly size: number;
}

const buffer = Buffer.allocUnsafeSlow(LARGE);
let inUse = false;

/**
 * Reads a part of a file into a sink, and leaves out what the sink can do without.
 *
 * @throws InspectionError when the file is shorter than that
 */
export function readRange(range: FileRange, into: ByteSink): void {
  // Reading may be nested: an archive is read to find out what a layer of it is. Only the outermost reading has the common buffer.
  const own = inUse ? Buffer.allocUnsafeSlow(LARGE) : buffer;
  const outermost = !inUse;
  inUse = true;
  try {
    pump(range, into, own);
  } finally {
    if (outermost) inUse = false;
  }
}

function pump({ fd, start, size }: FileRange, into: ByteSink, window: Buffer): void {
  let at = 0;
  let skipping = false;
  while (at < size) {
    const wanted = Math.min(skipping ? SMALL : LARGE, size - at);
    const read = readSync(fd, window, 0, wanted, start + at);
    if (read === 0) throw new InspectionError('truncated', `the file ends ${size - at} bytes before it should`);
    into.push(window.subarray(0, read));
    at += read;
    const skip = Math.min(into.skippable, size - at);
    skipping = skip > 0 || (skipping && read === SMALL);
    if (skip > 0) into.skip(skip);
    at += skip;
  }
}

/** Reads a part of a file into memory. */
export function readWhole({ fd, start, size }: FileRange): Buffer {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const read = readSync(fd, bytes, at, size - at, start + at);
    if (read === 0) throw new InspectionError('truncated', `the file ends ${size - at} bytes before it should`);
    at += read;
  }
  return bytes;
}
