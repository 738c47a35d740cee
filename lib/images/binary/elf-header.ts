/** What the headers of a program say of where it runs. */
export interface ElfProgram {
  /** In Docker's words: `amd64`, `arm64`; undefined for others. */
  readonly architecture?: string;
  /** The dynamic linker that starts it: `/lib64/ld-linux-x86-64.so.2`; undefined when it is linked statically. */
  readonly interpreter?: string;
}

const MACHINES: Readonly<Record<number, string>> = { 0x3e: 'amd64', 0xb7: 'arm64' };

const PT_INTERP = 3;

/**
 * Reads the headers of an ELF program; undefined when it is none of 64 bits, little-endian, which all that AWS runs are.
 *
 * https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
 */
export function readElfProgram(bytes: Buffer): ElfProgram | undefined {
  const isElf = bytes.length >= 64 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  if (!isElf) return undefined;
  return { architecture: MACHINES[bytes.readUInt16LE(18)], interpreter: interpreterOf(bytes) };
}

function interpreterOf(bytes: Buffer): string | undefined {
  const [offset, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  for (let index = 0; index < count; index++) {
    const header = bytes.subarray(offset + index * size, offset + (index + 1) * size);
    if (header.length < 56 || header.readUInt32LE(0) !== PT_INTERP) continue;
    const start = Number(header.readBigUInt64LE(8));
    return bytes.toString('latin1', start, start + Number(header.readBigUInt64LE(32))).replace(/\0.*$/s, '');
  }
  return undefined;
}
