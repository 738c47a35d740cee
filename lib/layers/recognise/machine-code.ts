import type { ContentType } from './content-type';
import { MARKER_WINDOWS } from './marker-windows';
import { NeedleSearch, NeedleSet } from './needle-search';
import { PackingDetector } from './packing-detector';
import { TOOL_MARKERS } from './tool-markers';
import type { WindowScanner } from './window-scanner';

/** Where the archive in a program of PyInstaller ends; its loader looks for it ("bootloader/src/pyi_archive.h"). */
const PYINSTALLER = 'MEI\x0c\x0b\x0a\x0b\x0e';

/** The strings that programs are searched for. */
export const NEEDLES = [...new Set([...TOOL_MARKERS.flatMap(({ all, any }) => [...all, ...(any ?? [])]), PYINSTALLER])];

/** Where in `found` it says whether a string has been seen. */
export const NEEDLE_INDEX: ReadonlyMap<string, number> = new Map(NEEDLES.map((needle, index) => [needle, index]));

let needleSet: NeedleSet | undefined;

/** Made when it is needed: few of those that load this look at any program. */
function needles(): NeedleSet {
  return (needleSet ??= new NeedleSet(NEEDLES, MARKER_WINDOWS));
}

/** Memory in which layers are looked through without being copied; undefined where that cannot be done. */
export function searchRoom(): Buffer | undefined {
  return needles().room;
}

/** What programs are searched with; undefined where this machine cannot do it. */
export function sharedScanner(): WindowScanner | undefined {
  return needles().scanner;
}

/**
 * Looks through a program for the strings that give tools away: through all of it, for a linker can be told to put strings among the
 * instructions, whatever else it puts where strings usually are.
 */
export class MachineCode {
  private readonly packing: PackingDetector;
  private readonly search: NeedleSearch;

  /**
   * @param type what the program is by its first bytes
   * @param head the first bytes of the program, 1024 if it has as many; they are pushed nevertheless
   */
  public constructor(type: ContentType, head: Uint8Array) {
    this.search = new NeedleSearch(needles());
    this.packing = new PackingDetector(type, head);
  }

  /** One for each string: 1 once it has been seen. */
  public get found(): Uint8Array {
    return this.search.found;
  }

  /** Why its content does not show what it does; undefined when it does. */
  public get unproven(): string | undefined {
    const made = this.found[NEEDLE_INDEX.get(PYINSTALLER) as number] === 1;
    return made ? 'self-extracting executable: made by PyInstaller' : this.packing.finish();
  }

  public push(chunk: Uint8Array): void {
    this.packing.push(chunk);
    this.search.push(chunk);
  }
}
