interface Linkage {
  readonly interpreter?: string;
  /** Names that the program is linked by; libraries are needed, others are versions of symbols. */
  readonly names?: readonly string[];
}

/** An ELF program, or library, without code: its headers, the name of a dynamic linker, and what is to be linked. */
export function elf(machine: number, { interpreter, names = [] }: Linkage = {}, type = 3): Buffer {
  const linker = Buffer.from(`${interpreter ?? ''}\0`);
  const strings = Buffer.from(`\0${names.join('\0')}\0`);
  const needed = names.filter((name) => name.includes('.so')).map((name) => [1, strings.indexOf(name)]);
  const start = 64 + 3 * 56;
  const [text, dynamic] = [start + linker.length, start + linker.length + strings.length];
  const entries = [...needed, [5, 0x1000 + text], [10, strings.length], [0, 0]].map(([tag, value]) =>
    longs(tag, value),
  );
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01', 'latin1');
  header.writeUInt16LE(type, 16);
  header.writeUInt16LE(machine, 18);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(3, 56);
  const segments = [
    segment(interpreter === undefined ? 0 : 3, start, linker.length),
    segment(1, 0, dynamic),
    segment(interpreter === undefined && names.length === 0 ? 0 : 2, dynamic, entries.length * 16),
  ];
  return Buffer.concat([header, ...segments, linker, strings, ...entries]);
}

/** Addresses are places in the file and 4096 more. */
function segment(type: number, offset: number, size: number): Buffer {
  return longs(type, offset, 0x1000 + offset, 0, size, size, 0);
}

function longs(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), index * 8));
  return bytes;
}
