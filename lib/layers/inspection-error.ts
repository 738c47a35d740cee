/** Where in an image something is wrong; what is not known is left out. */
export interface ImagePlace {
  /** What was being read, as it should be shown to people: the archive, the reference. */
  readonly subject?: string;
  /** Index of the layer, counted from 0 at the base. */
  readonly layer?: number;
  /** Path inside of the layer or of the archive. */
  readonly path?: string;
  /** Offset in the uncompressed layer or archive, in bytes. */
  readonly offset?: number;
}

/**
 * What kept an image from being read.
 *
 * - `not-an-image`: neither an image archive nor a layout
 * - `missing`: something that the image refers to is not there
 * - `truncated`: it ends in the middle
 * - `corrupt`: it cannot be what its producer wrote
 * - `ambiguous`: programs that read it disagree on what it holds, so no answer would be the right one
 * - `digest-mismatch`: the content is not what its digest says
 * - `unsupported`: a format or a feature of one that is not read
 * - `limit`: larger than any honest image; see `Limits`
 * - `unavailable`: it could not be got at: the file, the daemon or the registry refused
 */
export type InspectionErrorCode =
  | 'not-an-image'
  | 'missing'
  | 'truncated'
  | 'corrupt'
  | 'ambiguous'
  | 'digest-mismatch'
  | 'unsupported'
  | 'limit'
  | 'unavailable';

const BRAND = Symbol.for('cdk-distroless.InspectionError');

/** An image, or a part of one, could not be read, so that nothing can be said of it. */
export class InspectionError extends Error {
  /** Whether this is such an error, of this copy of the package or of another. */
  public static isInspectionError(this: void, error: unknown): error is InspectionError {
    return typeof error === 'object' && error !== null && BRAND in error;
  }

  public readonly [BRAND] = true;
  public override readonly name = 'InspectionError';

  /**
   * @param code what kind of fault it is
   * @param problem what is wrong, in words
   * @param place where
   * @param hint a likely cause, or what to do
   */
  public constructor(
    public readonly code: InspectionErrorCode,
    public readonly problem: string,
    public readonly place: ImagePlace = {},
    public readonly hint?: string,
  ) {
    super([describe(place), problem, hint && `(${hint})`].filter(Boolean).join(' '));
  }

  /** The same error with more said about the place; what is known already is kept. */
  public at(place: ImagePlace): InspectionError {
    return new InspectionError(this.code, this.problem, { ...place, ...this.place }, this.hint);
  }
}

/** Runs a step and adds the place to the error, if it fails with one of ours. */
export function locating<T>(place: ImagePlace, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw InspectionError.isInspectionError(error) ? error.at(place) : error;
  }
}

function describe({ subject, layer, path, offset }: ImagePlace): string {
  const parts = [
    subject,
    layer !== undefined && `layer ${layer}`,
    path !== undefined && `path ${JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}...` : path)}`,
    offset !== undefined && `offset ${offset}`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}:` : '';
}
