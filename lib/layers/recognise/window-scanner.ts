import { windowNumber, type NeedleWindow, WINDOW_BYTES } from './needle-window';
import { windowScanInstance, type WindowScanExports } from './window-scan-module';

/** How much can be searched at a time, in bytes: what stays in the nearest cache of a processor. */
export const TEXT_BYTES = 32 * 1024;

/** So many places are noted together. */
const STRIDE = 32;
/** The bytes that are read behind the last place that is asked for. */
const MARGIN = STRIDE + WINDOW_BYTES;

/** Bits of the hash of a window (Knuth's multiplicative hash). */
const HASH_BITS = 12;

/** What lies where in the memory of the scan: its four tables first, what it found last. */
const HASHES_AT = 64;
const TEXT_AT = HASHES_AT + (1 << HASH_BITS);
const STRIDES_AT = roundUp(TEXT_AT + TEXT_BYTES + MARGIN);
const FOUND_AT = STRIDES_AT + 8 * (TEXT_BYTES / STRIDE + 1);

/** Finds where windows begin, by means of `window-scan.wat`. */
export class WindowScanner {
  private readonly memory: Buffer;
  private readonly found: Int32Array;
  private length = 0;

  /** @returns undefined where this machine, or this way to run Node.js, cannot do it */
  public static for(windows: readonly NeedleWindow[]): WindowScanner | undefined {
    const instance = windowScanInstance();
    return instance && new WindowScanner(instance, windows);
  }

  private constructor(
    private readonly instance: WindowScanExports,
    windows: readonly NeedleWindow[],
  ) {
    this.memory = Buffer.from(instance.memory.buffer);
    this.found = new Int32Array(instance.memory.buffer, FOUND_AT);
    for (const window of windows) this.enter(window);
  }

  /**
   * Puts in what is searched next.
   *
   * @param parts at most {@link TEXT_BYTES} bytes together
   * @returns what the parts are together, until others are put in
   */
  public put(parts: readonly Uint8Array[]): Buffer {
    this.length = 0;
    for (const part of parts) {
      // From memory that threads share, this is the way to copy that is as fast as memcpy.
      if (part.length > 0) this.memory.fill(part, TEXT_AT + this.length, TEXT_AT + this.length + part.length);
      this.length += part.length;
    }
    return this.memory.subarray(TEXT_AT, TEXT_AT + this.length);
  }

  /** Says where in the text windows begin. Few other places have the same hash, and a few lie at or behind its end. */
  public scan(visit: (at: number) => void): void {
    const end = this.instance.scan(TEXT_AT, TEXT_AT + this.length, HASHES_AT, STRIDES_AT, FOUND_AT);
    const count = (end - FOUND_AT) / Int32Array.BYTES_PER_ELEMENT;
    for (let i = 0; i < count; i++) visit(this.found[i] - TEXT_AT);
  }

  private enter({ needle, offset, group }: NeedleWindow): void {
    const [first, second, third] = needle.subarray(offset, offset + WINDOW_BYTES);
    const tables = [first & 15, first >> 4, second & 15, third & 15];
    tables.forEach((entry, table) => (this.memory[16 * table + entry] |= 1 << group));
    const hash = Math.imul(windowNumber(needle, offset), 0x9e3779b1) >>> (32 - HASH_BITS);
    this.memory[HASHES_AT + hash] = 1;
  }
}

function roundUp(at: number): number {
  return Math.ceil(at / STRIDE) * STRIDE;
}
