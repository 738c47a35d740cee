import {
  chooseWindows,
  LEAST_NEEDLE_BYTES,
  WINDOW_BYTES,
  windowNumber,
  windowsOf,
  type NeedleWindow,
  type WindowChoice,
} from './needle-window';
import { TEXT_BYTES, WindowScanner } from './window-scanner';

/** A needle whose window has been seen. */
interface Candidate extends NeedleWindow {
  readonly index: number;
}

/**
 * A fixed set of byte strings, prepared for searching all of them in one pass.
 *
 * Of each needle two windows of four bytes are looked for, of all needles at once and at sixteen places at a time; the whole needle is
 * compared where a window is seen. Hardly anything depends on how many needles there are.
 */
export class NeedleSet {
  /** Length of the longest needle. */
  public readonly longest: number;
  /** How many there are. */
  public readonly size: number;
  private readonly needles: readonly Buffer[];
  /** What searches, where this machine can. */
  public readonly scanner?: WindowScanner;
  /** By the number that the bytes of a window are. */
  private readonly candidates = new Map<number, Candidate[]>();

  /**
   * @param needles the byte strings, one character for each byte; of at least five bytes, and of fewer than are searched at a time
   * @param chosen which windows of each needle are looked for, and in which groups; without it, they are chosen here
   */
  public constructor(needles: readonly string[], chosen?: readonly WindowChoice[]) {
    this.needles = needles.map((needle) => Buffer.from(needle, 'latin1'));
    this.size = needles.length;
    this.longest = Math.max(...this.needles.map((needle) => needle.length));
    const bad = this.needles.find(({ length }) => length < LEAST_NEEDLE_BYTES || length > TEXT_BYTES / 2);
    if (bad) throw new Error(`a needle must have ${LEAST_NEEDLE_BYTES} to ${TEXT_BYTES / 2} bytes, not ${bad.length}`);
    const windows = chosen ? windowsOf(this.needles, chosen) : chooseWindows(this.needles);
    this.scanner = WindowScanner.for(windows);
    for (const window of windows) this.enter(window);
  }

  /** Memory for bytes that are to be searched: there they are searched where they lie; undefined where that cannot be done. */
  public get room(): Buffer | undefined {
    return this.scanner?.room;
  }

  /** Whether bytes lie in the {@link room}. */
  public holds(bytes: Uint8Array): boolean {
    return this.scanner?.holds(bytes) === true;
  }

  /**
   * Marks in `found` every needle that lies wholly in the text that the parts are together.
   *
   * @param parts at most {@link TEXT_BYTES} bytes
   */
  public search(parts: readonly Uint8Array[], found: Uint8Array): void {
    if (this.scanner) this.searchText(this.scanner, this.scanner.put(parts), found);
    else this.searchOneByOne(Buffer.concat(parts), found);
  }

  /**
   * Marks in `found` every needle that lies in the text, which must lie in the {@link room}, or begins in what came before.
   *
   * @param before less than the {@link longest} needle has
   */
  public searchInPlace(before: Uint8Array, text: Uint8Array, found: Uint8Array): void {
    if (!this.scanner) return;
    const joined = before.length === 0 ? text : this.scanner.lead(before, text);
    if (!joined) this.search([before, text.subarray(0, this.longest - 1)], found);
    this.searchText(this.scanner, joined ?? text, found);
  }

  private searchText(scanner: WindowScanner, text: Uint8Array, found: Uint8Array): void {
    scanner.scan(text, (at) => this.compare(text, at, found));
  }

  /** As Node.js searches by itself: many times slower. */
  private searchOneByOne(text: Buffer, found: Uint8Array): void {
    this.needles.forEach((needle, index) => {
      if (found[index] === 0 && text.includes(needle)) found[index] = 1;
    });
  }

  private compare(text: Uint8Array, at: number, found: Uint8Array): void {
    if (at + WINDOW_BYTES > text.length) return;
    const candidates = this.candidates.get(windowNumber(text, at));
    if (!candidates) return;
    for (const { index, needle, offset } of candidates) {
      if (found[index] === 0 && liesAt(text, at - offset, needle)) found[index] = 1;
    }
  }

  private enter(window: NeedleWindow): void {
    const key = windowNumber(window.needle, window.offset);
    const candidate = { ...window, index: this.needles.indexOf(window.needle) };
    this.candidates.set(key, [...(this.candidates.get(key) ?? []), candidate]);
  }
}

const NOTHING = new Uint8Array(0);

/** Searches a stream of chunks of any size for a set of needles, also across the borders of the chunks. */
export class NeedleSearch {
  /** One for each needle: 1 once it has been seen. */
  public readonly found: Uint8Array;
  /** What a needle may have in the bytes before. */
  private tail: Uint8Array = NOTHING;
  private readonly overlap: number;

  public constructor(private readonly needles: NeedleSet) {
    this.found = new Uint8Array(needles.size);
    this.overlap = needles.longest - 1;
  }

  /** @param chunk only borrowed */
  public push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.needles.holds(chunk)) this.needles.searchInPlace(this.tail, chunk, this.found);
    else this.searchCopied(chunk);
    this.keepTail(chunk);
  }

  private searchCopied(chunk: Uint8Array): void {
    let end = TEXT_BYTES - this.tail.length;
    this.needles.search([this.tail, chunk.subarray(0, end)], this.found);
    for (; end < chunk.length; end += TEXT_BYTES - this.overlap) {
      const start = end - this.overlap;
      this.needles.search([chunk.subarray(start, start + TEXT_BYTES)], this.found);
    }
  }

  private keepTail(chunk: Uint8Array): void {
    const { overlap } = this;
    const short = chunk.length < overlap;
    this.tail = short ? Buffer.concat([this.tail, chunk]).subarray(-overlap) : Buffer.from(chunk.subarray(-overlap));
  }
}

function liesAt(text: Uint8Array, start: number, needle: Buffer): boolean {
  if (start < 0 || start + needle.length > text.length) return false;
  for (let i = 0; i < needle.length; i++) if (text[start + i] !== needle[i]) return false;
  return true;
}
