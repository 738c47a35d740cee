import { sharedScanner } from '../recognise/machine-code';
import { TELLING_NAMES } from '../recognise/name-recogniser';
import { SCRATCH_AT, SPARE_AT, type WindowScanner } from '../recognise/window-scanner';
import type { TarRun } from './tar-reader';

/** Entries that follow each other, and whose bodies need not be looked at. */
export interface PlainRun extends TarRun {
  readonly entries: number;
  readonly files: number;
  readonly sizeBytes: number;
  /** How many are symbolic links. */
  readonly links: number;
  /** How many characters the paths of these have together. */
  readonly linkPathBytes: number;
  /** The changes that they make, as `change-list.ts` writes them down, going on from the last run. */
  readonly text: string;
}

/** Bits of the hash of a name, FNV-1a. */
const HASH_BITS = 14;

/** What lies where in the memory that nobody else uses: the hashes of names, the path of a directory, and what is answered. */
const NAMES_AT = SPARE_AT;
const PREVIOUS_AT = NAMES_AT + (1 << HASH_BITS);
const RESULT_AT = PREVIOUS_AT + 128;

/** The answer is given in numbers of four bytes and of eight. */
const RESULT = { pathLength: 0, textEnd: 1, entries: 2, files: 3, links: 8, linkPathBytes: 9, padding: 10 } as const;
const LARGE_RESULT = { sizeBytes: 2, behind: 3 } as const;

/**
 * Reads the entries that most of any layer consists of: directories, symbolic links, and files that are neither programs nor scripts and
 * have no telling names. `walk` in `layer-scan.wat` does it, for in JavaScript most of the time would be gone before the code has been compiled. It takes
 * nothing that it does not know for sure: all else is left to `TarReader`.
 */
export class PlainEntries {
  private readonly memory: Buffer;
  private readonly numbers: Int32Array;
  private readonly largeNumbers: Float64Array;
  private last?: object;

  /** @param names those that files have to have looked at whatever is in them */
  public constructor(
    private readonly scanner: WindowScanner,
    names: readonly string[],
  ) {
    const { buffer } = scanner.instance.memory;
    this.memory = Buffer.from(buffer);
    this.numbers = new Int32Array(buffer, RESULT_AT, 11);
    this.largeNumbers = new Float64Array(buffer, RESULT_AT, 4);
    for (const name of names) this.memory[NAMES_AT + hashOf(name)] = 1;
  }

  /**
   * Reads as many as there are.
   *
   * @param bytes what begins with a header at this place; nothing is read but what lies in the room of the scanner
   * @param archive whose entries they are: a run goes on where the one before ended, when that was of the same archive
   * @param fresh whether other entries of it have been written down since
   * @returns undefined when there are none
   */
  public walk(bytes: Uint8Array, at: number, archive: object, fresh: boolean): PlainRun | undefined {
    if (!this.scanner.holds(bytes)) return undefined;
    if (fresh || archive !== this.last) this.numbers[RESULT.pathLength] = -1;
    this.last = archive;
    const start = bytes.byteOffset + at;
    const end = bytes.byteOffset + bytes.length;
    const next = this.scanner.instance.walk(start, end, NAMES_AT, PREVIOUS_AT, SCRATCH_AT, RESULT_AT);
    return next === start ? undefined : this.run(next - start);
  }

  private run(taken: number): PlainRun {
    const behind = this.largeNumbers[LARGE_RESULT.behind];
    const padding = Math.min(behind, this.numbers[RESULT.padding]);
    return {
      taken,
      left: behind - padding,
      padding,
      entries: this.numbers[RESULT.entries],
      files: this.numbers[RESULT.files],
      sizeBytes: this.largeNumbers[LARGE_RESULT.sizeBytes],
      links: this.numbers[RESULT.links],
      linkPathBytes: this.numbers[RESULT.linkPathBytes],
      text: this.memory.toString('latin1', SCRATCH_AT, this.numbers[RESULT.textEnd]),
    };
  }
}

let shared: PlainEntries | undefined;

/** What reads from the memory of the search for programs; undefined where there is no WebAssembly with vectors. */
export function sharedPlainEntries(): PlainEntries | undefined {
  const scanner = sharedScanner();
  return (shared ??= scanner && new PlainEntries(scanner, TELLING_NAMES));
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> (32 - HASH_BITS);
}
