import type { ByteSink, FileRange } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';

/** The files that an image is stored in: a directory, or the members of an archive. */
export interface ImageFiles {
  /** Whether there is a file of this path. */
  has(path: string): boolean;
  /** Its size in bytes. */
  sizeOf(path: string): number;
  /** Reads a file from its beginning to its end. */
  read(path: string, into: ByteSink): void;
  /** Opens a file, for the caller to close, where each is a file of its own. */
  open?(path: string): number;
  /** Where a file lies; it stays open until all are closed. */
  rangeOf(path: string): FileRange;
  /** Reads a small file into memory. */
  readDocument(path: string): Buffer;
  close(): void;
}

/** Refuses what no honest manifest, index or configuration is large enough for, and more of them than are honest. */
export class DocumentCheck {
  private readBytes = 0;

  public constructor(private readonly limits: Pick<Limits, 'documentBytes' | 'allDocumentBytes'>) {}

  /** Must be called before a document is read. */
  public count(path: string, size: number): void {
    const { documentBytes, allDocumentBytes } = this.limits;
    if (size > documentBytes) {
      const hint = `more than ${documentBytes} bytes are not read`;
      throw new InspectionError('limit', `a JSON document of ${size} bytes`, { path }, hint);
    }
    this.readBytes += size;
    if (this.readBytes > allDocumentBytes)
      throw new InspectionError('limit', `JSON documents of more than ${allDocumentBytes} bytes together`, { path });
  }
}

/** Says that an image refers to a file that is not there. */
export function missingFile(path: string): InspectionError {
  return new InspectionError(
    'missing',
    'it is referred to, and is not there',
    { path },
    'an image that was not saved as a whole',
  );
}
