/** A part of a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** How many first bytes of an ELF file are needed to find its segments: as many as linkers write program headers. */
export const ELF_HEAD_BYTES = 1024;

/** Offsets in the header and the program headers, by class (System V ABI, "ELF Header" and "Program Header"). */
interface Layout {
  readonly tableAt: number;
  readonly entrySizeAt: number;
  readonly countAt: number;
  readonly entrySize: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly word: 4 | 8;
}

const LAYOUTS: Readonly<Record<number, Layout>> = {
  1: { tableAt: 0x1c, entrySizeAt: 0x2a, countAt: 0x2c, entrySize: 32, flags: 24, offset: 4, size: 16, word: 4 },
  2: { tableAt: 0x20, entrySizeAt: 0x36, countAt: 0x38, entrySize: 56, flags: 4, offset: 8, size: 32, word: 8 },
};

const CLASS_AT = 4;
const DATA_AT = 5;
const LITTLE_ENDIAN = 1;

const LOADED = 1;
const EXECUTABLE = 1;
const WRITABLE = 2;

interface Segment extends ByteRange {
  readonly flags: number;
}

/**
 * The machine code of an ELF file, where the linker kept it apart from the constants: the largest loaded segment that may be executed. There
 * are no strings in it.
 *
 * @param head the first {@link ELF_HEAD_BYTES} bytes, or the whole file
 * @returns undefined when strings may be anywhere: there is no segment for constants, or it cannot be told
 */
export function codeOf(head: Buffer): ByteRange | undefined {
  const segments = loadedSegments(head);
  const constants = segments.some(({ flags, start, end }) => (flags & (EXECUTABLE | WRITABLE)) === 0 && end > start);
  const code = segments.filter(({ flags }) => (flags & (EXECUTABLE | WRITABLE)) === EXECUTABLE);
  return constants ? code.sort((a, b) => b.end - b.start - (a.end - a.start)).at(0) : undefined;
}

function loadedSegments(head: Buffer): Segment[] {
  const layout = head.length >= 64 ? LAYOUTS[head[CLASS_AT]] : undefined;
  if (!layout) return [];
  const bytes = new DataView(head.buffer, head.byteOffset, head.length);
  const little = head[DATA_AT] === LITTLE_ENDIAN;
  const table = word(bytes, layout.tableAt, layout, little);
  const count = bytes.getUint16(layout.countAt, little);
  const usual = bytes.getUint16(layout.entrySizeAt, little) === layout.entrySize;
  if (!usual || table + count * layout.entrySize > head.length) return [];
  const starts = Array.from({ length: count }, (_, index) => table + index * layout.entrySize);
  return starts
    .filter((at) => bytes.getUint32(at, little) === LOADED)
    .map((at) => segmentAt(bytes, at, layout, little));
}

function segmentAt(bytes: DataView, at: number, layout: Layout, little: boolean): Segment {
  const start = word(bytes, at + layout.offset, layout, little);
  const end = start + word(bytes, at + layout.size, layout, little);
  return { flags: bytes.getUint32(at + layout.flags, little), start, end };
}

function word(bytes: DataView, at: number, layout: Layout, little: boolean): number {
  return layout.word === 4 ? bytes.getUint32(at, little) : Number(bytes.getBigUint64(at, little));
}
