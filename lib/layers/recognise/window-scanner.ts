import { windowNumber, type NeedleWindow, WINDOW_BYTES } from './needle-window';
import { layerScanInstance, type LayerScanExports } from './layer-scan-module';

/** How much is copied to be searched, in bytes: what stays in the nearest cache of a processor. */
export const TEXT_BYTES = 32 * 1024;

/** How much can be searched where it lies, in bytes: what is read at a time. */
export const ROOM_BYTES = 256 * 1024;

/** How much of what came before may be put in front of that, in bytes. */
const LEAD_BYTES = 256;

/** Of so many bytes, every other place is tested, and noted together. */
const STRIDE = 64;
/** The bytes that are read behind the last place that is asked for. */
const MARGIN = STRIDE + WINDOW_BYTES;

/** Bits of the hash of a window (Knuth's multiplicative hash). */
const HASH_BITS = 12;

/** What lies where in the memory of the scan: its four tables first, what it found last. */
const HASHES_AT = 64;
const TEXT_AT = HASHES_AT + (1 << HASH_BITS);
const ROOM_AT = roundUp(TEXT_AT + TEXT_BYTES + MARGIN + LEAD_BYTES);
const STRIDES_AT = roundUp(ROOM_AT + ROOM_BYTES + MARGIN);
const FOUND_AT = STRIDES_AT + 8 * ((LEAD_BYTES + ROOM_BYTES) / STRIDE + 1);
const MOST_FOUND = (LEAD_BYTES + ROOM_BYTES + STRIDE) / 2;

/** Where memory begins that others than the search may use for good, and memory that they may use until the next search. */
export const SPARE_AT = FOUND_AT + Int32Array.BYTES_PER_ELEMENT * MOST_FOUND;
export const SCRATCH_AT = FOUND_AT;

/** Finds where windows begin, by means of `layer-scan.wat`. */
export class WindowScanner {
  /** Where bytes may be put that are to be searched: what lies there need not be copied. */
  public readonly room: Buffer;
  private readonly memory: Buffer;
  private readonly found: Int32Array;

  /** @returns undefined where this machine, or this way to run Node.js, cannot do it */
  public static for(windows: readonly NeedleWindow[]): WindowScanner | undefined {
    const instance = layerScanInstance();
    return instance && new WindowScanner(instance, windows);
  }

  private constructor(
    public readonly instance: LayerScanExports,
    windows: readonly NeedleWindow[],
  ) {
    this.memory = Buffer.from(instance.memory.buffer);
    this.room = this.memory.subarray(ROOM_AT, ROOM_AT + ROOM_BYTES);
    this.found = new Int32Array(instance.memory.buffer, FOUND_AT);
    for (const window of windows) this.enter(window);
  }

  /**
   * Copies in what is searched next.
   *
   * @param parts at most {@link TEXT_BYTES} bytes together
   * @returns what the parts are together, until others are copied in
   */
  public put(parts: readonly Uint8Array[]): Buffer {
    let end = TEXT_AT;
    for (const part of parts) {
      // From memory that threads share, this is the way to copy that is as fast as memcpy.
      if (part.length > 0) this.memory.fill(part, end, end + part.length);
      end += part.length;
    }
    return this.memory.subarray(TEXT_AT, end);
  }

  /**
   * Puts in front of bytes that lie at the beginning of the {@link room} what came before them.
   *
   * @returns both together; undefined when they lie elsewhere, or when there is no place for so much
   */
  public lead(before: Uint8Array, bytes: Uint8Array): Buffer | undefined {
    if (bytes.byteOffset !== ROOM_AT || before.length > LEAD_BYTES) return undefined;
    const start = ROOM_AT - before.length;
    this.memory.set(before, start);
    return this.memory.subarray(start, ROOM_AT + bytes.length);
  }

  /** Whether bytes lie in the {@link room}. */
  public holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.room.buffer && bytes.byteOffset >= ROOM_AT && bytes.byteOffset < STRIDES_AT;
  }

  /**
   * Says where in a text windows begin, at every other place. Few other places have the same hash, and a few lie at or behind its end.
   *
   * @param text what {@link put} has returned, or what lies in the {@link room}
   */
  public scan(text: Uint8Array, visit: (at: number) => void): void {
    const start = text.byteOffset;
    const end = this.instance.scan(start, start + text.length, HASHES_AT, STRIDES_AT, FOUND_AT);
    const count = (end - FOUND_AT) / Int32Array.BYTES_PER_ELEMENT;
    for (let i = 0; i < count; i++) visit(this.found[i] - start);
  }

  private enter({ needle, offset, group }: NeedleWindow): void {
    const [first, second] = needle.subarray(offset, offset + WINDOW_BYTES);
    const tables = [first & 15, first >> 4, second & 15, second >> 4];
    tables.forEach((entry, table) => (this.memory[16 * table + entry] |= 1 << group));
    const hash = Math.imul(windowNumber(needle, offset), 0x9e3779b1) >>> (32 - HASH_BITS);
    this.memory[HASHES_AT + hash] = 1;
  }
}

function roundUp(at: number): number {
  return Math.ceil(at / STRIDE) * STRIDE;
}
