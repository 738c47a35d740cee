/** How much of anything is read. Honest images stay far below; what lies above is refused, never skipped. */
export interface Limits {
  /** Images in one archive or layout: of all names, for all platforms. */
  readonly images: number;
  /** Layers of an image; Docker itself takes 127. */
  readonly layers: number;
  /** Entries of all layers together. */
  readonly entries: number;
  /** Links, programs and scripts of all layers together: what has to be remembered to the end. */
  readonly remembered: number;
  /** Bytes of the paths and targets that have to be kept to the end: names may be of 8 KiB, and pack well. */
  readonly pathBytes: number;
  /** Directories that these lie in, with those above them. */
  readonly directories: number;
  /** Unpacked bytes of all layers together, of all images. */
  readonly unpackedBytes: number;
  /** Unpacked bytes that are taken without asking how many packed ones they came from. */
  readonly unquestionedBytes: number;
  /** Beyond these, how many times as large as the packed bytes the unpacked ones may be. */
  readonly expansion: number;
  /** Steps from directory to directory that following links may take. */
  readonly steps: number;
  /** Bytes of a manifest, an index or a configuration. */
  readonly documentBytes: number;
  /** Bytes of all of these together, each counted as often as it is read. */
  readonly allDocumentBytes: number;
  /** Members of an image archive. */
  readonly archiveMembers: number;
}

const MIB = 1024 ** 2;
const GIB = 1024 * MIB;

/** What is used unless the caller says otherwise. */
export const DEFAULT_LIMITS: Limits = {
  images: 1000,
  layers: 512,
  entries: 4_000_000,
  remembered: 250_000,
  pathBytes: 32 * MIB,
  directories: 150_000,
  unpackedBytes: 256 * GIB,
  unquestionedBytes: GIB,
  expansion: 100,
  steps: 50_000_000,
  documentBytes: 8 * MIB,
  allDocumentBytes: 64 * MIB,
  archiveMembers: 100_000,
};
