/** What a program says of where it runs. */
export interface ElfProgram {
  /** In Docker's words: `amd64`, `arm64`; undefined for others. */
  readonly architecture?: string;
  /** The dynamic linker that starts it: `/lib64/ld-linux-x86-64.so.2`; undefined when it is linked statically. */
  readonly interpreter?: string;
  /** The libraries that it is loaded with: `libc.so.6`. */
  readonly libraries: readonly string[];
  /** The newest release of the GNU C library that it names: `2.38`; undefined when it names none. */
  readonly glibc?: string;
}

const MACHINES: Readonly<Record<number, string>> = { 0x3e: 'amd64', 0xb7: 'arm64' };

const ET_REL = 1;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;

const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads the headers of an ELF program; undefined when it is none of 64 bits, little-endian, which all that AWS runs are.
 *
 * https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html, chapters 4 and 5
 */
export function readElfProgram(bytes: Buffer): ElfProgram | undefined {
  const isElf = bytes.length >= 64 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  if (!isElf || bytes.readUInt16LE(16) === ET_REL) return undefined;
  const segments = segmentsOf(bytes);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  return {
    architecture: MACHINES[bytes.readUInt16LE(18)],
    interpreter: interpreter && textAt(bytes, interpreter.offset, interpreter.offset + interpreter.size),
    ...linkage(bytes, segments),
  };
}

function segmentsOf(bytes: Buffer): Segment[] {
  const [offset, size, count] = [number(bytes, 32), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  const starts = Array.from({ length: count }, (_, index) => offset + index * size);
  return starts
    .filter((start) => start + 56 <= bytes.length)
    .map((start) => ({
      type: bytes.readUInt32LE(start),
      offset: number(bytes, start + 8),
      address: number(bytes, start + 16),
      size: number(bytes, start + 32),
    }));
}

/** The versions of symbols, `GLIBC_2.38`, stand among the names that the program is linked by. */
function linkage(bytes: Buffer, segments: readonly Segment[]): Pick<ElfProgram, 'libraries' | 'glibc'> {
  const entries = dynamicEntries(bytes, segments);
  const [start, size] = [DT_STRTAB, DT_STRSZ].map((wanted) => entries.find(([tag]) => tag === wanted)?.[1]);
  const offset = start === undefined ? undefined : offsetOf(start, segments);
  if (offset === undefined) return { libraries: [] };
  const end = Math.min(offset + (size ?? 0), bytes.length);
  const needed = entries.filter(([tag]) => tag === DT_NEEDED);
  const names = bytes.toString('latin1', offset, end);
  const minors = [...names.matchAll(/\0GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  return {
    libraries: needed.map(([, name]) => textAt(bytes, offset + name, end)),
    glibc: minors.length === 0 ? undefined : `2.${Math.max(...minors)}`,
  };
}

function dynamicEntries(bytes: Buffer, segments: readonly Segment[]): Array<readonly [tag: number, value: number]> {
  const { offset, size } = segments.find(({ type }) => type === PT_DYNAMIC) ?? { offset: 0, size: 0 };
  const end = Math.min(offset + size, bytes.length);
  const starts = Array.from(
    { length: Math.max(0, Math.floor((end - offset) / 16)) },
    (_, index) => offset + index * 16,
  );
  return starts.map((start) => [number(bytes, start), number(bytes, start + 8)]);
}

/** Where in the file lies what has this address in memory. */
function offsetOf(address: number, segments: readonly Segment[]): number | undefined {
  const holds = (segment: Segment) => address >= segment.address && address < segment.address + segment.size;
  const segment = segments.find((each) => each.type === PT_LOAD && holds(each));
  return segment && segment.offset + address - segment.address;
}

function number(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}

function textAt(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end).replace(/\0.*$/s, '');
}
