/** Why a registry did not give what was asked of it. */
export type RegistryErrorCode =
  | 'digest-mismatch'
  | 'malformed'
  | 'not-found'
  | 'rate-limited'
  | 'too-large'
  | 'unauthorized'
  | 'unreachable'
  | 'unsupported'
  | 'untrusted';

/** A registry, or the way to it, failed for good: trying again would not help, or was tried often enough. */
export class RegistryError extends Error {
  public override readonly name = 'RegistryError';

  public constructor(
    public readonly code: RegistryErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A failure that may go away by itself: a cut connection, a 429, a 503. */
export class TransientFailure extends Error {
  public override readonly name = 'TransientFailure';

  public constructor(
    message: string,
    /** How long the registry asks to be left alone, in milliseconds. */
    public readonly retryAfterMs?: number,
    /** What to call the failure when it does not go away. */
    public readonly code: RegistryErrorCode = 'unreachable',
  ) {
    super(message);
  }
}
