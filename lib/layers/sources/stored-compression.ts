import { readSync } from 'node:fs';
import { compressionOf, MAGIC_BYTES, type Compression } from '../decode/compression';
import type { FileRange } from '../image-source';

/** How a part of a file is packed. */
export function compressionAt({ fd, start, size }: FileRange): Compression {
  const head = Buffer.alloc(Math.min(MAGIC_BYTES, size));
  readSync(fd, head, 0, head.length, start);
  return compressionOf(head);
}
