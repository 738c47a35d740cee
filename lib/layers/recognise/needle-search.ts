/** Of every needle four neighbouring pairs of bytes are entered into the table, so no needle may be shorter than five bytes. */
const STRIDE = 4;
const SHORTEST = STRIDE + 1;

/** A needle that may be here, and where in it the pair lies that was seen. */
interface Candidate {
  readonly index: number;
  readonly offset: number;
}

/** The pair that stands on the grid, and the one that must stand beside it: behind it, or before it. */
const WITH_NEXT = 1;
const WITH_PREVIOUS = 2;

/** The pairs that are tested together, four of them on the grid, and how many are tested before some are looked at. */
const GROUP = 8;
const BATCH = 1024 * GROUP;

/** Whether any of the flags is set, as a number. */
const ANY = Uint8Array.of(0, 1, 1, 1);

/**
 * A fixed set of byte strings, prepared for searching all of them in one pass.
 *
 * The search looks at two bytes out of every four. Four pairs that begin at neighbouring bytes of a needle are in a table, and one of
 * them must lie on the grid, wherever the needle is. Where a pair of the table is seen, a second table tells of it and of the pair
 * beside it, which lies in the needle too, whether to compare. So the search takes two loads for each four bytes, and hardly any
 * more for fifty needles than for one.
 */
export class NeedleSet {
  /** Length of the longest needle. */
  public readonly longest: number;
  /** How many there are. */
  public readonly size: number;
  private readonly flags = new Uint8Array(1 << 16);
  private readonly quads = new Uint8Array(1 << 16);
  /** Where groups begin that have to be looked at more closely. */
  private readonly groups = new Int32Array(BATCH / GROUP);
  private readonly candidates = new Map<number, Candidate[]>();
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
    const shift = bytes.byteOffset & 1;
    const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset + shift, Math.max(0, bytes.length - shift) >> 1);
    const end = pairs.length - (pairs.length % GROUP);
    this.look(bytes, pairs, 0, Math.min(GROUP, pairs.length), found);
    for (let at = GROUP; at < end; at += BATCH) {
      const count = this.likelyGroups(pairs, at, Math.min(at + BATCH, end));
      for (let i = 0; i < count; i++) this.look(bytes, pairs, this.groups[i], this.groups[i] + GROUP, found);
    }
    this.look(bytes, pairs, Math.max(GROUP, end), pairs.length, found);
  }

  /**
   * Notes the groups of the grid that may hold a needle. There are no branches in either step: one that a processor cannot foresee costs it
   * more than looking twice.
   *
   * @returns how many there are
   */
  private likelyGroups(pairs: Uint16Array, from: number, to: number): number {
    const { flags, groups } = this;
    let count = 0;
    for (let at = from; at < to; at += GROUP) {
      groups[count] = at;
      count += ANY[flags[pairs[at]] | flags[pairs[at + 2]] | flags[pairs[at + 4]] | flags[pairs[at + 6]]];
    }
    return this.withNeighbours(pairs, count);
  }

  /** Keeps of so many groups those in which a pair and the one beside it may lie in a needle. */
  private withNeighbours(pairs: Uint16Array, count: number): number {
    const { quads, groups } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const at = groups[i];
      groups[kept] = at;
      let quad = 0;
      for (let on = at; on < at + GROUP; on += 2) {
        quad |= quads[hash(pairs[on] | (pairs[on + 1] << 16))] | quads[hash(pairs[on - 1] | (pairs[on] << 16))];
      }
      kept += quad;
    }
    return kept;
  }

  private enter(needle: Buffer, index: number): void {
    if (needle.length < SHORTEST) throw new Error(`a needle must have at least ${SHORTEST} bytes`);
    const start = rarestWindow(needle);
    for (let offset = start; offset < start + STRIDE; offset++) {
      const withNext = offset + 4 <= start + SHORTEST;
      const first = pairAt(needle, withNext ? offset : offset - 2);
      const second = pairAt(needle, withNext ? offset + 2 : offset);
      this.flags[withNext ? first : second] |= withNext ? WITH_NEXT : WITH_PREVIOUS;
      const quad = first | (second << 16);
      this.quads[hash(quad)] = 1;
      this.candidates.set(quad, [...(this.candidates.get(quad) ?? []), { index, offset }]);
    }
  }

  /** Looks at a stretch of the grid more closely. */
  private look(bytes: Uint8Array, pairs: Uint16Array, from: number, to: number, found: Uint8Array): void {
    const { flags, quads } = this;
    const shift = bytes.byteOffset & 1;
    const last = pairs.length - 1;
    for (let on = from; on < to; on += 2) {
      const flag = flags[pairs[on]];
      if (flag === 0) continue;
      const next = on < last ? pairs[on] | (pairs[on + 1] << 16) : 0;
      const previous = on > 0 ? pairs[on - 1] | (pairs[on] << 16) : 0;
      if ((flag & WITH_NEXT) !== 0 && quads[hash(next)] !== 0) this.compare(bytes, next, shift + 2 * on, found);
      if ((flag & WITH_PREVIOUS) !== 0 && quads[hash(previous)] !== 0)
        this.compare(bytes, previous, shift + 2 * on, found);
    }
  }

  private compare(bytes: Uint8Array, quad: number, position: number, found: Uint8Array): void {
    for (const { index, offset } of this.candidates.get(quad) ?? []) {
      if (found[index] === 0 && matchesAt(bytes, position - offset, this.needles[index])) found[index] = 1;
    }
  }
}

/** Spreads four bytes over the numbers of sixteen bits (Knuth's multiplicative hash). */
function hash(quad: number): number {
  return Math.imul(quad, 0x9e3779b1) >>> 16;
}

/** Searches a stream of chunks of any size for a set of needles, also across the borders of the chunks. */
export class NeedleSearch {
  /** One for each needle: 1 once it has been seen. */
  public readonly found: Uint8Array;
  /** What a needle may have in the chunks before; a copy, for the memory of the chunks will be used again. */
  private tail = new Uint8Array(0);

  public constructor(private readonly needles: NeedleSet) {
    this.found = new Uint8Array(needles.size);
  }

  public push(chunk: Uint8Array): void {
    const overlap = this.needles.longest - 1;
    // Always the same class, whatever is pushed: compiled code holds for one.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.tail.length > 0) this.needles.search(concatenate(this.tail, bytes.subarray(0, overlap)), this.found);
    this.needles.search(bytes, this.found);
    this.tail = (bytes.length >= overlap ? bytes : concatenate(this.tail, bytes)).slice(-overlap);
  }
}

/** Where in the needle the four pairs begin that are least likely to occur elsewhere. */
function rarestWindow(needle: Buffer): number {
  let best = 0;
  for (let start = 1; start + STRIDE < needle.length; start++) {
    if (commonnessOf(needle, start) < commonnessOf(needle, best)) best = start;
  }
  return best;
}

function commonnessOf(needle: Buffer, start: number): number {
  let sum = 0;
  for (let at = start; at < start + SHORTEST; at++) sum += commonness(needle[at]);
  return sum;
}

/** A rough order of how common bytes are in programs: zero, then what words are made of, then the rest. */
function commonness(byte: number): number {
  if (byte === 0) return 8;
  if (byte >= 0x61 && byte <= 0x7a) return 2;
  return byte === 0x20 ? 3 : 1;
}

const scratch = new Uint16Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

/** Two bytes as the number that this machine reads them as. */
function pairAt(bytes: Uint8Array, at: number): number {
  scratchBytes[0] = bytes[at];
  scratchBytes[1] = bytes[at + 1];
  return scratch[0];
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
