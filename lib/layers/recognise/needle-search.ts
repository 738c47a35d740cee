/** Of every needle four neighbouring pairs of bytes are entered into the table, so no needle may be shorter than five bytes. */
const STRIDE = 4;
const SHORTEST = STRIDE + 1;

/** A needle that may be here. */
interface Candidate {
  readonly index: number;
  /** Where in the needle the pair lies that was seen. */
  readonly offset: number;
  /** A byte next to the pair that rules out most of what is not the needle, seen from the pair, and its value. */
  readonly probe: number;
  readonly value: number;
}

const NONE: Candidate[] = [];

/**
 * A fixed set of byte strings, prepared for searching all of them in one pass.
 *
 * The search looks at two bytes out of every four. Four pairs that begin at neighbouring bytes of a needle are in a table, and one of
 * them must lie on the grid, wherever the needle is. Hardly any pair of a program is in the table, so the search runs at the speed of
 * two loads for each four bytes, independent of how many needles there are.
 */
export class NeedleSet {
  /** Length of the longest needle. */
  public readonly longest: number;
  /** How many there are. */
  public readonly size: number;
  private readonly flags = new Uint8Array(1 << 16);
  private readonly candidates: Candidate[][] = Array.from({ length: 1 << 16 }, () => NONE);
  private readonly needles: readonly Buffer[];

  /** @param needles the byte strings, one character for each byte */
  public constructor(needles: readonly string[]) {
    this.needles = needles.map((needle) => Buffer.from(needle, 'latin1'));
    this.size = needles.length;
    this.longest = Math.max(...this.needles.map((needle) => needle.length));
    this.needles.forEach((needle, index) => this.enter(needle, index));
  }

  /** Marks in `found` every needle that lies wholly in the bytes. */
  public search(bytes: Uint8Array, found: Uint8Array): void {
    if (bytes.length < SHORTEST) return;
    const { flags } = this;
    const shift = bytes.byteOffset & 1;
    const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset + shift, (bytes.length - shift) >> 1);
    const grouped = pairs.length - 7;
    let at = 0;
    for (; at < grouped; at += 8) {
      if (flags[pairs[at]] | flags[pairs[at + 2]] | flags[pairs[at + 4]] | flags[pairs[at + 6]]) {
        for (let on = at; on < at + 8; on += 2)
          if (flags[pairs[on]]) this.verify(bytes, shift + 2 * on, pairs[on], found);
      }
    }
    for (; at < pairs.length; at += 2) if (flags[pairs[at]]) this.verify(bytes, shift + 2 * at, pairs[at], found);
  }

  private enter(needle: Buffer, index: number): void {
    if (needle.length < SHORTEST) throw new Error(`a needle must have at least ${SHORTEST} bytes`);
    const start = rarestWindow(needle);
    for (let offset = start; offset < start + STRIDE; offset++) {
      const [pair] = new Uint16Array(Uint8Array.from(needle.subarray(offset, offset + 2)).buffer);
      this.flags[pair] = 1;
      const probe = offset + 2 < start + SHORTEST ? 2 : -1;
      this.candidates[pair] = [...this.candidates[pair], { index, offset, probe, value: needle[offset + probe] }];
    }
  }

  private verify(bytes: Uint8Array, position: number, pair: number, found: Uint8Array): void {
    const candidates = this.candidates[pair];
    for (let i = 0; i < candidates.length; i++) {
      const { index, offset, probe, value } = candidates[i];
      if (bytes[position + probe] !== value || found[index] !== 0) continue;
      if (matchesAt(bytes, position - offset, this.needles[index])) found[index] = 1;
    }
  }
}

/** Searches a stream of chunks of any size for a set of needles, also across the borders of the chunks. */
export class NeedleSearch {
  /** One for each needle: 1 once it has been seen. */
  public readonly found: Uint8Array;
  private tail: Uint8Array = new Uint8Array(0);

  public constructor(private readonly needles: NeedleSet) {
    this.found = new Uint8Array(needles.size);
  }

  public push(chunk: Uint8Array): void {
    const overlap = this.needles.longest - 1;
    if (this.tail.length > 0) this.needles.search(concatenate(this.tail, chunk.subarray(0, overlap)), this.found);
    this.needles.search(chunk, this.found);
    // The chunk is a view of a buffer that will be used again, so what is kept of it must be a copy.
    this.tail = (chunk.length >= overlap ? chunk : concatenate(this.tail, chunk)).slice(-overlap);
  }
}

/** Where in the needle the four pairs begin that are least likely to occur elsewhere. */
function rarestWindow(needle: Buffer): number {
  const starts = Array.from({ length: needle.length - STRIDE }, (_, start) => start);
  const cost = (start: number) =>
    needle.subarray(start, start + SHORTEST).reduce((sum, byte) => sum + commonness(byte), 0);
  return starts.reduce((best, start) => (cost(start) < cost(best) ? start : best), 0);
}

/** A rough order of how common bytes are in programs: zero, then what words are made of, then the rest. */
function commonness(byte: number): number {
  if (byte === 0) return 8;
  if (byte >= 0x61 && byte <= 0x7a) return 2;
  return byte === 0x20 ? 3 : 1;
}

function matchesAt(bytes: Uint8Array, start: number, needle: Buffer): boolean {
  if (start < 0 || start + needle.length > bytes.length) return false;
  for (let i = 0; i < needle.length; i++) if (bytes[start + i] !== needle[i]) return false;
  return true;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
