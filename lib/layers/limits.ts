/** How much of anything is read. Honest images stay far below; what lies above is refused, never skipped. */
export interface Limits {
  /** Layers of an image; Docker itself takes 127. */
  readonly layers: number;
  /** Entries of all layers together. */
  readonly entries: number;
  /** Links, programs and scripts of all layers together: what has to be remembered to the end. */
  readonly remembered: number;
  /** Unpacked bytes of all layers together. */
  readonly unpackedBytes: number;
  /** Unpacked bytes that are taken without asking how many packed ones they came from. */
  readonly unquestionedBytes: number;
  /** Beyond these, how many times as large as the packed bytes the unpacked ones may be. */
  readonly expansion: number;
  /** Steps from directory to directory that following links may take. */
  readonly steps: number;
  /** Bytes of a manifest, an index or a configuration. */
  readonly documentBytes: number;
  /** Members of an image archive, and files named in its manifests. */
  readonly archiveMembers: number;
}

const GIB = 1024 ** 3;

/** What is used unless the caller says otherwise. */
export const DEFAULT_LIMITS: Limits = {
  layers: 512,
  entries: 4_000_000,
  remembered: 250_000,
  unpackedBytes: 256 * GIB,
  unquestionedBytes: GIB,
  expansion: 100,
  steps: 50_000_000,
  documentBytes: 8 * 1024 * 1024,
  archiveMembers: 100_000,
};
