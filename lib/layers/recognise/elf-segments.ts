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

const EVERYTHING: ByteRange = { start: 0, end: Infinity };

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
  const headers = new ElfHeaders(head, layout);
  const { code, end } = headers.segments();
  const table = headers.sectionTable();
  const sections = table.start > 0;
  const last = !sections || table.start >= end;
  return end > 0 && last
    ? { code, sections, appended: { start: Math.max(end, table.end), end: Infinity } }
    : { code, sections };
}

/** Where the loaded segments of a program lie. */
interface Segments {
  /** Those that may be executed. */
  readonly code: readonly ByteRange[];
  /** Where the last of all ends. */
  readonly end: number;
}

/** Loops and not lists of segments: this is done for every program, mostly before it has been compiled. */
class ElfHeaders {
  private readonly bytes: DataView;
  private readonly little: boolean;

  public constructor(
    private readonly head: Buffer,
    private readonly layout: Layout,
  ) {
    this.bytes = new DataView(head.buffer, head.byteOffset, head.length);
    this.little = head[DATA_AT] === LITTLE_ENDIAN;
  }

  public sectionTable(): ByteRange {
    const { sectionTableAt, sectionSizeAt, sectionCountAt } = this.layout;
    const start = this.word(sectionTableAt);
    return { start, end: start + this.half(sectionSizeAt) * this.half(sectionCountAt) };
  }

  /** All of the file, when the program headers are not where linkers put them. */
  public segments(): Segments {
    const { tableAt, countAt, entrySizeAt, entrySize } = this.layout;
    const count = this.half(countAt);
    if (count === 0) return { code: [], end: 0 };
    const table = this.word(tableAt);
    const tableEnd = table + count * entrySize;
    const usual = this.half(entrySizeAt) === entrySize && tableEnd <= this.head.length;
    return usual ? this.segmentsIn(table, tableEnd) : { code: [EVERYTHING], end: Infinity };
  }

  private segmentsIn(table: number, tableEnd: number): Segments {
    const { entrySize, flags, offset, size } = this.layout;
    const code: ByteRange[] = [];
    let last = 0;
    for (let at = table; at < tableEnd; at += entrySize) {
      if (this.number(at) !== LOADED) continue;
      const start = this.word(at + offset);
      const end = start + this.word(at + size);
      if ((this.number(at + flags) & EXECUTABLE) !== 0) code.push({ start, end });
      last = Math.max(last, end);
    }
    return { code, end: last };
  }

  private half(at: number): number {
    return this.bytes.getUint16(at, this.little);
  }

  private number(at: number): number {
    return this.bytes.getUint32(at, this.little);
  }

  /** An address or a size. Not read as a bigint, of which a program with many segments would need dozens. */
  private word(at: number): number {
    if (this.layout.word === 4) return this.number(at);
    return this.number(this.little ? at : at + 4) + 2 ** 32 * this.number(this.little ? at + 4 : at);
  }
}
