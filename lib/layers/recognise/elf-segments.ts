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
  readonly sectionTableAt: number;
  readonly sectionSizeAt: number;
  readonly sectionCountAt: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly word: 4 | 8;
}

const LAYOUTS: Readonly<Record<number, Layout>> = {
  1: {
    ...{ tableAt: 0x1c, entrySizeAt: 0x2a, countAt: 0x2c, entrySize: 32, flags: 24, offset: 4, size: 16, word: 4 },
    ...{ sectionTableAt: 0x20, sectionSizeAt: 0x2e, sectionCountAt: 0x30 },
  },
  2: {
    ...{ tableAt: 0x20, entrySizeAt: 0x36, countAt: 0x38, entrySize: 56, flags: 4, offset: 8, size: 32, word: 8 },
    ...{ sectionTableAt: 0x28, sectionSizeAt: 0x3a, sectionCountAt: 0x3c },
  },
};

const CLASS_AT = 4;
const DATA_AT = 5;
const LITTLE_ENDIAN = 1;

const LOADED = 1;
const EXECUTABLE = 1;

interface Segment extends ByteRange {
  readonly flags: number;
}

const EVERYTHING: Segment = { flags: EXECUTABLE, start: 0, end: Infinity };

/** What the headers of an ELF file say of where things lie in it. */
export interface ElfMap {
  /** The loaded segments that may be executed; all of the file where that cannot be told. */
  readonly code: readonly ByteRange[];
  /** Whether there are section headers. Programs as linkers make them keep theirs, also when they are stripped. */
  readonly sections: boolean;
  /** What lies behind all that linkers write; undefined where there may be sections whose headers come before them. */
  readonly appended?: ByteRange;
}

/**
 * Reads the headers of an ELF file.
 *
 * @param head the first {@link ELF_HEAD_BYTES} bytes, or the whole file
 * @returns undefined when there are none
 */
export function mapElf(head: Buffer): ElfMap | undefined {
  const layout = head.length >= 64 ? LAYOUTS[head[CLASS_AT]] : undefined;
  if (!layout) return undefined;
  const segments = loadedSegments(head, layout) ?? [EVERYTHING];
  const code = segments.filter(({ flags }) => (flags & EXECUTABLE) !== 0);
  const end = Math.max(0, ...segments.map((segment) => segment.end));
  const table = sectionTable(head, layout);
  const sections = table.start > 0;
  const last = !sections || table.start >= end;
  return { code, sections, ...(end > 0 && last && { appended: { start: Math.max(end, table.end), end: Infinity } }) };
}

function sectionTable(head: Buffer, layout: Layout): ByteRange {
  const bytes = viewOf(head);
  const little = head[DATA_AT] === LITTLE_ENDIAN;
  const start = word(bytes, layout.sectionTableAt, layout, little);
  const size = bytes.getUint16(layout.sectionSizeAt, little) * bytes.getUint16(layout.sectionCountAt, little);
  return { start, end: start + size };
}

/** @returns undefined when the program headers are not where linkers put them */
function loadedSegments(head: Buffer, layout: Layout): Segment[] | undefined {
  const bytes = viewOf(head);
  const little = head[DATA_AT] === LITTLE_ENDIAN;
  const table = word(bytes, layout.tableAt, layout, little);
  const count = bytes.getUint16(layout.countAt, little);
  const usual = bytes.getUint16(layout.entrySizeAt, little) === layout.entrySize;
  if (count > 0 && (!usual || table + count * layout.entrySize > head.length)) return undefined;
  const segments: Segment[] = [];
  for (let at = table; at < table + count * layout.entrySize; at += layout.entrySize) {
    if (bytes.getUint32(at, little) === LOADED) segments.push(segmentAt(bytes, at, layout, little));
  }
  return segments;
}

function segmentAt(bytes: DataView, at: number, layout: Layout, little: boolean): Segment {
  const start = word(bytes, at + layout.offset, layout, little);
  const end = start + word(bytes, at + layout.size, layout, little);
  return { flags: bytes.getUint32(at + layout.flags, little), start, end };
}

function viewOf(head: Buffer): DataView {
  return new DataView(head.buffer, head.byteOffset, head.length);
}

function word(bytes: DataView, at: number, layout: Layout, little: boolean): number {
  if (layout.word === 4) return bytes.getUint32(at, little);
  // Not as a bigint, of which a program with many segments would need dozens.
  return bytes.getUint32(little ? at : at + 4, little) + 2 ** 32 * bytes.getUint32(little ? at + 4 : at, little);
}
