/** How many neighbouring bytes of a needle are looked for before it is compared. By the first three of them places are ruled out first. */
export const WINDOW_BYTES = 4;

/** The groups of windows that are told apart: the bits of a byte. */
const GROUPS = 8;

/** The place in a needle that is looked for, and the group that it is looked for in. */
export interface NeedleWindow {
  readonly needle: Buffer;
  /** Where in the needle it begins. */
  readonly offset: number;
  readonly group: number;
}

/** A window of a needle that is known from elsewhere. */
export type WindowChoice = readonly [offset: number, group: number];

/** The windows that have been chosen for needles, in their order. */
export function windowsOf(needles: readonly Buffer[], chosen: readonly WindowChoice[]): NeedleWindow[] {
  return needles.map((needle, index) => {
    const [offset, group] = chosen[index];
    return { needle, offset, group };
  });
}

/** The bytes of the window that begins at a place, as a number. */
export function windowNumber(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/**
 * Chooses for each needle a window, and for each window a group, so that few places look like any of a group: windows go together that
 * share the bits by which they are told, and those of rare bytes are better than those of common ones.
 *
 * @returns a window for each needle, in any order
 */
export function chooseWindows(needles: readonly Buffer[]): NeedleWindow[] {
  const groups = Array.from({ length: GROUPS }, () => new Group());
  // Those that have the least choice choose first.
  const byLength = [...needles].sort((a, b) => a.length - b.length);
  return byLength.map((needle) => {
    const window = cheapest(needle, groups);
    groups[window.group].add(needle, window.offset);
    return window;
  });
}

function cheapest(needle: Buffer, groups: readonly Group[]): NeedleWindow {
  let best = { needle, offset: 0, group: 0 };
  let least = Infinity;
  for (let offset = 0; offset + WINDOW_BYTES <= needle.length; offset++) {
    for (let group = 0; group < GROUPS; group++) {
      const cost = groups[group].costOf(needle, offset);
      if (cost < least) best = { needle, offset, group };
      least = Math.min(least, cost);
    }
  }
  return best;
}

/**
 * What the windows of a group are told by, as sets of bits: the low and the high halves of their first bytes, and the low halves of the
 * next two. Together with how likely it is that any byte looks like one of them.
 */
class Group {
  private low = 0;
  private high = 0;
  private second = 0;
  private third = 0;
  private firstWeight = 0;
  private secondWeight = 0;
  private thirdWeight = 0;

  public add(needle: Buffer, at: number): void {
    this.firstWeight = this.firstWeightWith(needle[at]);
    this.secondWeight += newWeight(this.second, needle[at + 1]);
    this.thirdWeight += newWeight(this.third, needle[at + 2]);
    this.low |= 1 << (needle[at] & 15);
    this.high |= 1 << (needle[at] >> 4);
    this.second |= 1 << (needle[at + 1] & 15);
    this.third |= 1 << (needle[at + 2] & 15);
  }

  /** By how much one more window makes it more likely that some bytes look like those of the group. */
  public costOf(needle: Buffer, at: number): number {
    const second = this.secondWeight + newWeight(this.second, needle[at + 1]);
    const third = this.thirdWeight + newWeight(this.third, needle[at + 2]);
    return this.firstWeightWith(needle[at]) * second * third - this.firstWeight * this.secondWeight * this.thirdWeight;
  }

  private firstWeightWith(byte: number): number {
    const lows = this.low | (1 << (byte & 15));
    const highs = this.high | (1 << (byte >> 4));
    if (lows === this.low && highs === this.high) return this.firstWeight;
    let weight = 0;
    for (let high = 0; high < 16; high++) {
      if (((highs >> high) & 1) === 0) continue;
      for (let low = 0; low < 16; low++) if (((lows >> low) & 1) === 1) weight += WEIGHTS[16 * high + low];
    }
    return weight;
  }
}

function newWeight(lows: number, byte: number): number {
  return ((lows >> (byte & 15)) & 1) === 1 ? 0 : LOW_WEIGHTS[byte & 15];
}

/** How common bytes are in programs, roughly: instructions, addresses and tables are full of some, and names of letters. */
const WEIGHTS = Uint8Array.from({ length: 256 }, (_, byte) => weightOf(byte));
const LOW_WEIGHTS = new Uint16Array(16);
WEIGHTS.forEach((weight, byte) => (LOW_WEIGHTS[byte & 15] += weight));

function weightOf(byte: number): number {
  if (byte === 0) return 40;
  if ('\x0f\x24\x48\x89\x8b\xffeatnoris_'.includes(String.fromCharCode(byte))) return 7;
  if (byte >= 0x61 && byte <= 0x7a) return 4;
  return byte >= 0x41 && byte <= 0x5a ? 2 : 1;
}
