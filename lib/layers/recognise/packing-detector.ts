/** A sample is taken from every stretch of this many bytes. */
const STRETCH = 16 * 1024;
const SAMPLE = 1024;

/** Bits of information in a byte; machine code has 5 to 6.5, compressed or encrypted bytes nearly 8. */
const PACKED_ENTROPY = 7.5;

/** Fewer sampled bytes than this say nothing about entropy. */
const ENOUGH_SAMPLES = 4 * 1024;

/** Where UPX leaves its mark: right behind the program headers. */
const PACKER_MARK = 'UPX!';

/** Where the header of an ELF file says where its section headers are, by its class (System V ABI, "ELF Header"). */
const SECTION_TABLE = { 1: { start: 0x20, end: 0x24 }, 2: { start: 0x28, end: 0x30 } } as const;
const ELF_CLASS = 4;

/**
 * Tells executables that unpack themselves when they run: their content shows nothing of what they do.
 *
 * Known by the mark that UPX leaves, or by what every packed executable has in common: it has no section headers, and its bytes look
 * like chance. Programs as linkers make them keep their section headers, also when they are stripped.
 */
export class PackingDetector {
  private readonly histogram = new Uint32Array(256);
  private readonly marked: boolean;
  private readonly sectionless: boolean;
  private sampled = 0;
  private position = 0;

  /** @param head the first bytes of the file, 512 if it has as many */
  public constructor(head: Uint8Array) {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
    this.marked = bytes.includes(PACKER_MARK, 0, 'latin1');
    this.sectionless = isElf(bytes) && !hasSections(bytes);
  }

  public push(chunk: Uint8Array): void {
    if (!this.sectionless) return;
    for (let at = (STRETCH - (this.position % STRETCH)) % STRETCH; at < chunk.length; at += STRETCH) {
      this.sample(chunk.subarray(at, at + SAMPLE));
    }
    this.position += chunk.length;
  }

  /** Why the file's content proves nothing; undefined when it is not packed. */
  public finish(): string | undefined {
    if (this.marked) return 'packed executable: it carries the mark of UPX';
    if (this.sectionless && this.sampled >= ENOUGH_SAMPLES && this.entropy() > PACKED_ENTROPY) {
      return 'packed executable: it has no section headers and its bytes are compressed or encrypted';
    }
    return undefined;
  }

  private sample(bytes: Uint8Array): void {
    for (const byte of bytes) this.histogram[byte]++;
    this.sampled += bytes.length;
  }

  private entropy(): number {
    const shares = [...this.histogram].filter((count) => count > 0).map((count) => count / this.sampled);
    return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
  }
}

function isElf(bytes: Buffer): boolean {
  return bytes.length >= 64 && bytes.toString('latin1', 0, 4) === '\x7fELF';
}

function hasSections(bytes: Buffer): boolean {
  const { start, end } = SECTION_TABLE[bytes[ELF_CLASS] === 1 ? 1 : 2];
  return bytes.subarray(start, end).some((byte) => byte !== 0);
}
