/** Takes bytes. Chunks are only borrowed. */
export interface ByteSink {
  /** Takes the next bytes. */
  push(chunk: Uint8Array): void;
  /**
   * Memory into which the next bytes are best read, if there is any: pushed from there, they need not be copied. Asked for anew before every
   * push.
   */
  room?(): Buffer | undefined;
  /** How many of the next bytes need not be given: a source that can seek may call {@link skip} instead of reading them. */
  readonly skippable: number;
  /** Goes on as if `count` bytes, not more than {@link skippable}, had been pushed. */
  skip(count: number): void;
}

/** A part of an open file. */
export interface FileRange {
  /** A file descriptor. */
  readonly fd: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** How many bytes it has. */
  readonly size: number;
}

/** One layer of an image, as a source holds it: packed in any way. */
export interface LayerBlob {
  /** What the manifest says of its bytes as they are stored (`sha256:...`); undefined where nothing is said. */
  readonly digest?: string;
  /** Where it lies in its source, where that has paths: what lies at the same path is the same blob. */
  readonly path?: string;
  /** Size as stored, where it is known. */
  readonly sizeBytes?: number;
  /** Reads the blob from its beginning to its end into a sink, synchronously. May be called more than once. */
  read(into: ByteSink): void;
  /**
   * Opens the file that holds it and nothing else, where there is one, for another program to read.
   *
   * @returns a file descriptor, for the caller to close
   */
  open?(): number;
  /** Where it lies, for two to read it at once; the file is open as long as the source is. */
  range?(): FileRange;
}

/** One image for one platform. */
export interface PlatformImage {
  /** Digest of its manifest, where there is one. */
  readonly digest?: string;
  /** Its configuration as stored, verified against its digest by the source. */
  readonly config: Uint8Array;
  /** Base first, as many as the configuration has diff ids. */
  readonly layers: readonly LayerBlob[];
  /** Names that it is known by, e.g. `app:latest`. */
  readonly references: readonly string[];
}

/** Something that holds images: an archive, a layout, a daemon, a registry. */
export interface ImageSource {
  /** What it is, as it should be shown to people. */
  readonly subject: string;
  /** Every image that may be run, one for each platform and name; attestations are not among them. */
  readonly images: readonly PlatformImage[];
  /** Gives back what reading needs: file descriptors, temporary files. */
  close(): void;
}
