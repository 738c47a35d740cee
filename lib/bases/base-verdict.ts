/** What can be said of an image from its reference alone. */
export interface BaseVerdict {
  /**
   * - `distroless`: a published distroless image without a shell
   * - `shell`: a known image that has a shell; `reason` says why although its name may promise otherwise
   * - `not-distroless`: a general-purpose image
   * - `unproven`: claims to be distroless, but the reference hides which variant it is (a digest, an opaque tag)
   * - `unknown`: nothing is known of it
   */
  readonly kind: 'distroless' | 'shell' | 'not-distroless' | 'unproven' | 'unknown';
  /** The reference, normalised (`docker.io/library/alpine:latest`), mirrors resolved. */
  readonly reference: string;
  /** The reference as it was given. */
  readonly given: string;
  /** The family of the catalogue that it belongs to. */
  readonly family?: string;
  /** In words, for people. */
  readonly reason: string;
  /** Whether it is the debug, `-dev` or builder variant of a distroless image. */
  readonly debugVariant: boolean;
  /** What to use instead, when something better is known. */
  readonly replacement?: string;
  /** ISO date of the last security update; the reader compares it with today. */
  readonly endOfLife?: string;
  /** Whether the reference carries a digest. */
  readonly pinned: boolean;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
}
