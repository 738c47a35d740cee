import { NeedleSearch, NeedleSet } from './needle-search';
import { PackingDetector } from './packing-detector';
import { TOOL_MARKERS } from './tool-markers';

const NEEDLES = [...new Set(TOOL_MARKERS.flatMap(({ all, any }) => [...all, ...(any ?? [])]))];

/** Where in `found` it says whether a string has been seen. */
export const NEEDLE_INDEX: ReadonlyMap<string, number> = new Map(NEEDLES.map((needle, index) => [needle, index]));

/** Made when the first program comes: many layers have none. */
let needleSet: NeedleSet | undefined;

/**
 * Looks through a program for the strings that give tools away: through all of it, for a linker can be told to put strings among the
 * instructions, whatever else it puts where strings usually are.
 */
export class MachineCode {
  public readonly packing: PackingDetector;
  private readonly search: NeedleSearch;

  /** @param head the first bytes of the program, 512 if it has as many; they are pushed nevertheless */
  public constructor(head: Uint8Array) {
    needleSet ??= new NeedleSet(NEEDLES);
    this.search = new NeedleSearch(needleSet);
    this.packing = new PackingDetector(head);
  }

  /** One for each string: 1 once it has been seen. */
  public get found(): Uint8Array {
    return this.search.found;
  }

  public push(chunk: Uint8Array): void {
    this.packing.push(chunk);
    this.search.push(chunk);
  }
}
