import { CONTENT_TYPE_BYTES, type ContentType } from './content-type';
import { codeOf, type ByteRange } from './elf-segments';
import { NeedleSearch, NeedleSet } from './needle-search';
import { PackingDetector } from './packing-detector';
import { TOOL_MARKERS } from './tool-markers';

const NEEDLES = [...new Set(TOOL_MARKERS.flatMap(({ all, any }) => [...all, ...(any ?? [])]))];

/** Where in `found` it says whether a string has been seen. */
export const NEEDLE_INDEX: ReadonlyMap<string, number> = new Map(NEEDLES.map((needle, index) => [needle, index]));

/** Made when the first program comes: many layers have none. */
let needleSet: NeedleSet | undefined;

/** Looks through a program for the strings that give tools away. */
export class MachineCode {
  public readonly packing: PackingDetector;
  private readonly search: NeedleSearch;
  private readonly code?: ByteRange;
  private position = 0;

  /** @param head the first bytes of the program, 1024 if it has as many; they are pushed nevertheless */
  public constructor(head: Buffer, type: ContentType) {
    needleSet ??= new NeedleSet(NEEDLES);
    this.search = new NeedleSearch(needleSet);
    this.packing = new PackingDetector(head.subarray(0, CONTENT_TYPE_BYTES));
    if (type === 'elf' && !this.packing.samples) this.code = codeOf(head);
  }

  /** One for each string: 1 once it has been seen. */
  public get found(): Uint8Array {
    return this.search.found;
  }

  /** How many of the next bytes are instructions, in which there are no strings. */
  public get skippable(): number {
    const { code, position } = this;
    return code && position >= code.start ? Math.max(0, code.end - position) : 0;
  }

  public skip(count: number): void {
    this.position += count;
    this.search.interrupt();
  }

  public push(chunk: Uint8Array): void {
    this.packing.push(chunk);
    for (let at = 0; at < chunk.length;) at += this.take(chunk.subarray(at));
  }

  /** @returns how many of the bytes it has dealt with */
  private take(bytes: Uint8Array): number {
    const { code, position, skippable } = this;
    if (skippable > 0) {
      const count = Math.min(skippable, bytes.length);
      this.skip(count);
      return count;
    }
    const wanted = code && position < code.start ? Math.min(code.start - position, bytes.length) : bytes.length;
    this.search.push(bytes.subarray(0, wanted));
    this.position += wanted;
    return wanted;
  }
}
