/** One member of a tar archive. */
export interface TarEntry {
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  /**
   * The path, one character for each byte so that different names stay different, without `.`, empty names and slashes at the ends;
   * '' is the root.
   */
  readonly path: string;
  /** Target of a link, one character for each byte: as stored for symbolic links, like `path` for hard links; '' without one. */
  readonly target: string;
  readonly mode: number;
  /** Length of the body. */
  readonly sizeBytes: number;
  /** Where the header of the entry begins in the archive. */
  readonly offset: number;
  /** Where its body begins in the archive. */
  readonly bodyOffset: number;
}

/** Takes the body of an entry. Chunks are only borrowed. */
export interface BodySink {
  /** @returns whether more of the body is wanted */
  push(chunk: Uint8Array): boolean;
  /** Called when the body is over, or as much of it as was wanted. */
  finish(): void;
}

/** A name as stored in an archive, for people. */
export function displayPath(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}
