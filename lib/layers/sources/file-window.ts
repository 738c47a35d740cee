import { readSync } from 'node:fs';
import type { ByteSink, FileRange } from '../image-source';
import { InspectionError } from '../inspection-error';

/** Read at a time while everything is wanted. */
const LARGE = 256 * 1024;
/** Read behind what was skipped, and twice as much each time until something is skipped again: what is read beyond that is wasted. */
const SMALL = 32 * 1024;

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
  let most = LARGE;
  while (at < size) {
    const room = into.room?.() ?? window;
    const wanted = Math.min(most, room.length, size - at);
    const read = readSync(fd, room, 0, wanted, start + at);
    if (read === 0) throw new InspectionError('truncated', `the file ends ${size - at} bytes before it should`);
    into.push(room.subarray(0, read));
    at += read;
    const skip = Math.min(into.skippable, size - at);
    most = skip > 0 ? SMALL : Math.min(2 * most, LARGE);
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
