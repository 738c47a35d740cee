import type { ContentType } from './content-type';
import { mapElf, type ByteRange } from './elf-segments';

/** A sample is taken from every stretch of this many bytes. */
const STRETCH = 4 * 1024;
const SAMPLE = 256;

/** Behind so many bytes of a part, one stretch stands for several: hundreds of samples tell as much as thousands would. */
const SPARSE_FROM = 64 * 1024;
const SPARSENESS = 4;

/**
 * Bits of information in a byte. Of 3,349 programs and libraries the instructions have at most 6.8, where codecs have their tables among
 * them; compressed or encrypted bytes have nearly 8.
 */
const PACKED_ENTROPY = 7.5;

/** Fewer sampled bytes than this say nothing about entropy: even of chance, 1,000 bytes have only 7.8 bits. */
const ENOUGH_SAMPLES = 1024;

const BYTE_VALUES = 256;

/** AppImages have it in the padding of the ELF header, with the type behind it ("AppImage specification", 1 and 2). */
const APP_IMAGE = { at: 8, mark: Buffer.from('AI'), types: [1, 2] };

/** Why a program's content does not show what it does. */
const PACKED = {
  upx: 'packed executable: it carries the mark of UPX',
  appImage: 'self-extracting executable: an AppImage',
  whole: 'packed executable: it has no section headers and its bytes are compressed or encrypted',
  code: 'packed executable: its instructions are compressed or encrypted',
  appended: 'self-extracting executable: compressed or encrypted data is appended to it',
};

/** A part of a program, and what it means when its bytes look like chance. */
class Suspect implements ByteRange {
  public readonly samples = new Samples();

  public constructor(
    public readonly start: number,
    public readonly end: number,
    public readonly reason: string,
  ) {}
}

/**
 * Tells executables that unpack themselves when they run: their content shows nothing of what they do.
 *
 * Known by the marks that tools leave, or by what they have in common: the instructions look like chance, or what is appended to the
 * program does, or all of it does and it has no section headers. Constants that look like chance are no sign, for character tables
 * do; so is a library of the C library's, which every distroless image has.
 */
export class PackingDetector {
  private readonly mark?: string;
  private readonly suspects: readonly Suspect[];
  private position = 0;

  /**
   * @param type what the file is by these bytes
   * @param head the first bytes of the file, 1024 if it has as many
   */
  public constructor(type: ContentType, head: Uint8Array) {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
    this.mark = markIn(type, bytes);
    this.suspects = suspectsIn(type, bytes);
  }

  public push(chunk: Uint8Array): void {
    for (const suspect of this.suspects) {
      const start = Math.max(0, suspect.start - this.position);
      const end = Math.min(chunk.length, suspect.end - this.position);
      for (let at = start + toNextStretch(this.position + start); at < end; at += STRETCH) {
        const weight = weightAt(this.position + at, suspect);
        if (weight > 0) suspect.samples.add(chunk, at, Math.min(at + SAMPLE, end), weight);
      }
    }
    this.position += chunk.length;
  }

  /** Why the file's content proves nothing; undefined when it is not packed. */
  public finish(): string | undefined {
    return this.mark ?? this.suspects.find(({ samples }) => samples.looksLikeChance())?.reason;
  }
}

/** What tools leave in the first bytes of what they make. */
function markIn(type: ContentType, head: Buffer): string | undefined {
  if (head.includes('UPX!', 0, 'latin1')) return PACKED.upx;
  const { at, mark, types } = APP_IMAGE;
  const marked = type === 'elf' && head[at] === mark[0] && head[at + 1] === mark[1] && types.includes(head[at + 2]);
  return marked ? PACKED.appImage : undefined;
}

function suspectsIn(type: ContentType, head: Buffer): Suspect[] {
  const map = type === 'elf' ? mapElf(head) : undefined;
  if (!map) return [];
  const suspects: Suspect[] = [];
  if (!map.sections) suspects.push(new Suspect(0, Infinity, PACKED.whole));
  for (const { start, end } of map.code) suspects.push(new Suspect(start, end, PACKED.code));
  if (map.appended) suspects.push(new Suspect(map.appended.start, map.appended.end, PACKED.appended));
  return suspects;
}

function toNextStretch(position: number): number {
  return (STRETCH - (position % STRETCH)) % STRETCH;
}

/**
 * For how many stretches the one at this place of the file stands. What a program says of where its parts end plays no role, for it may lie;
 * neither do the chunks that it comes in.
 */
function weightAt(position: number, { start }: ByteRange): number {
  if (position - start < SPARSE_FROM) return 1;
  return position % (SPARSENESS * STRETCH) === 0 ? SPARSENESS : 0;
}

/** How often bytes occur in what was sampled. */
class Samples {
  /** Made with the first sample: most parts are too short for any. */
  private counts?: Uint32Array;
  private size = 0;

  public add(bytes: Uint8Array, start: number, end: number, weight: number): void {
    const counts = (this.counts ??= new Uint32Array(BYTE_VALUES));
    for (let at = start; at < end; at++) counts[bytes[at]] += weight;
    this.size += weight * (end - start);
  }

  public looksLikeChance(): boolean {
    return this.counts !== undefined && this.size >= ENOUGH_SAMPLES && this.entropy(this.counts) > PACKED_ENTROPY;
  }

  /** A loop, because it is done for every program: lists of shares would be a tenth of all garbage. */
  private entropy(counts: Uint32Array): number {
    let entropy = 0;
    for (let byte = 0; byte < BYTE_VALUES; byte++) {
      const share = counts[byte] / this.size;
      if (share > 0) entropy -= share * Math.log2(share);
    }
    return entropy;
  }
}
