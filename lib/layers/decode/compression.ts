/** How a layer is packed, by its content. What its media type says is not asked: it may be wrong, and the content cannot be. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2' | 'xz';

/** How many first bytes are needed to tell. */
export const MAGIC_BYTES = 6;

/** zstd frames may be preceded by skippable frames, whose magic ends in any digit (RFC 8878, 3.1.2). */
const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_SKIPPABLE_MAGIC = 0x184d2a50;

/** How bytes that begin like this are packed. A tar archive begins with a name, so none of the magics can be one by accident. */
export function compressionOf(head: Uint8Array): Compression {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, MAGIC_BYTES));
  if (bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes.toString('latin1', 0, 3) === 'BZh') return 'bzip2';
  if (bytes.toString('latin1') === '\xfd7zXZ\0') return 'xz';
  if (bytes.length < 4) return 'none';
  const magic = bytes.readUInt32LE(0);
  return magic === ZSTD_MAGIC || (magic & 0xfffffff0) >>> 0 === ZSTD_SKIPPABLE_MAGIC ? 'zstd' : 'none';
}
