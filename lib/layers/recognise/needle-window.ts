/** How many neighbouring bytes of a needle are looked for before it is compared. By the first two of them places are ruled out first. */
export const WINDOW_BYTES = 4;

/** Of each needle so many windows are looked for: as only every other place is tested, one that begins at an even place, and one at an odd. */
const WINDOWS = [0, 1] as const;

/** The length of the shortest needle that has both. */
export const LEAST_NEEDLE_BYTES = WINDOW_BYTES + WINDOWS.length - 1;

/** The groups of windows that are told apart: the bits of a byte. */
const GROUPS = 8;

/** The place in a needle that is looked for, and the group that it is looked for in. */
export interface NeedleWindow {
  readonly needle: Buffer;
  /** Where in the needle it begins. */
  readonly offset: number;
  readonly group: number;
}

/** The windows of a needle that are known from elsewhere. */
export type WindowChoice = readonly [evenOffset: number, evenGroup: number, oddOffset: number, oddGroup: number];

/** The windows that have been chosen for needles, in their order. */
export function windowsOf(needles: readonly Buffer[], chosen: readonly WindowChoice[]): NeedleWindow[] {
  return needles.flatMap((needle, index) => {
    const [evenOffset, evenGroup, oddOffset, oddGroup] = chosen[index];
    return [
      { needle, offset: evenOffset, group: evenGroup },
      { needle, offset: oddOffset, group: oddGroup },
    ];
  });
}

/** The bytes of the window that begins at a place, as a number. */
export function windowNumber(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** A window that is to be chosen: at the first offset of a needle, or at any that is an even number of bytes behind it. */
interface Choice {
  readonly needle: Buffer;
  readonly first: number;
}

/** So often all windows are chosen anew, after the choice of all others. */
const ROUNDS = 4;

/**
 * Chooses for each needle its windows, and for each window a group, so that few places look like any of a group: windows go together that
 * share the bits by which they are told, and those of rare bytes are better than those of common ones.
 *
 * @returns the even window of each needle and then its odd one, in the order of the needles
 */
export function chooseWindows(needles: readonly Buffer[]): NeedleWindow[] {
  const groups = Array.from({ length: GROUPS }, () => new Group());
  const choices = needles.flatMap((needle) => WINDOWS.map((first): Choice => ({ needle, first })));
  // Those that have the least choice choose first.
  const byLength = [...choices].sort((a, b) => a.needle.length - b.needle.length);
  const chosen = new Map<Choice, NeedleWindow>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const choice of byLength) {
      const before = chosen.get(choice);
      if (before) groups[before.group].remove(before);
      const window = cheapest(choice, groups);
      groups[window.group].add(window);
      chosen.set(choice, window);
    }
  }
  return choices.flatMap((choice) => chosen.get(choice) ?? []);
}

function cheapest({ needle, first }: Choice, groups: readonly Group[]): NeedleWindow {
  let best = { needle, offset: first, group: 0 };
  let least = Infinity;
  for (let offset = first; offset + WINDOW_BYTES <= needle.length; offset += WINDOWS.length) {
    const shunned = isCommon(needle, offset) ? COMMON_COST : 0;
    for (let group = 0; group < GROUPS; group++) {
      const cost = shunned + groups[group].costOf(needle, offset);
      if (cost < least) best = { needle, offset, group };
      least = Math.min(least, cost);
    }
  }
  return best;
}

/** What the windows of a group are told by: their first two bytes. Together with how likely it is that any bytes look like them. */
class Group {
  private readonly first = new Halves();
  private readonly second = new Halves();

  public add(window: NeedleWindow): void {
    this.count(window, 1);
  }

  public remove(window: NeedleWindow): void {
    this.count(window, -1);
  }

  /** By how much one more window makes it more likely that some bytes look like those of the group. */
  public costOf(needle: Buffer, at: number): number {
    const weight = this.first.weightWith(needle[at]) * this.second.weightWith(needle[at + 1]);
    return weight - this.first.weight * this.second.weight;
  }

  private count({ needle, offset }: NeedleWindow, more: 1 | -1): void {
    this.first.count(needle[offset], more);
    this.second.count(needle[offset + 1], more);
  }
}

/** The low and the high halves of some bytes: every byte that has one of both looks like one of them. */
class Halves {
  /** How common bytes are that look like one of them. */
  public weight = 0;
  private readonly lows = new Uint8Array(16);
  private readonly highs = new Uint8Array(16);

  public count(byte: number, more: 1 | -1): void {
    this.lows[byte & 15] += more;
    this.highs[byte >> 4] += more;
    this.weight = this.weightWith();
  }

  /** How common they would be with one more. */
  public weightWith(byte?: number): number {
    let weight = 0;
    for (let other = 0; other < 256; other++) {
      const low = this.lows[other & 15] > 0 || (byte !== undefined && (byte & 15) === (other & 15));
      const high = this.highs[other >> 4] > 0 || (byte !== undefined && byte >> 4 === other >> 4);
      if (low && high) weight += WEIGHTS[other];
    }
    return weight;
  }
}

/** What programs are full of: paths of packages, and words. Windows in it would be seen, and needles compared, for nothing. */
const COMMON_TEXT = [
  'cmd/go/internal/',
  'github.com/',
  'message',
  'error',
  'version',
  'parser',
  'installer',
  'call',
  'main',
  'resolver',
  'led ',
];
/** More than any other window costs. */
const COMMON_COST = 1e9;

function isCommon(needle: Buffer, offset: number): boolean {
  const window = needle.toString('latin1', offset, offset + WINDOW_BYTES);
  return COMMON_TEXT.some((text) => text.includes(window));
}

/** How many of 256 bytes of programs have these values, roughly: instructions, addresses and tables are full of them. */
const COMMON_BYTES = [
  { weight: 56, bytes: '\x00' },
  { weight: 10, bytes: 'H\x01' },
  { weight: 5, bytes: '\xff\x89\x02$\x8b' },
  { weight: 4, bytes: '\x0f\x04\x08' },
  { weight: 3, bytes: '\x03\x05\xe8Let' },
];
const WEIGHTS = Uint8Array.from({ length: 256 }, (_, byte) => weightOf(byte));

function weightOf(byte: number): number {
  const common = COMMON_BYTES.find(({ bytes }) => bytes.includes(String.fromCharCode(byte)));
  if (common) return common.weight;
  return byte >= 0x61 && byte <= 0x7a ? 2 : 1;
}
