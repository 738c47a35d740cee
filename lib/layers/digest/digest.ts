import { createHash, type Hash } from 'node:crypto';
import { InspectionError } from '../inspection-error';

/** How long the hexadecimal digits of a digest are, by its algorithm (OCI image specification, "Digests"). */
const DIGITS: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

/** A digest that has been found to be well-formed. */
export interface Digest {
  readonly algorithm: string;
  readonly hex: string;
}

/**
 * Takes a digest apart.
 *
 * @throws InspectionError when it is not one, or of an algorithm that is not known
 */
export function parseDigest(digest: string): Digest {
  const [, algorithm, hex] = /^([a-z0-9+._-]+):([0-9a-f]+)$/.exec(digest) ?? [];
  if (hex === undefined)
    throw new InspectionError('corrupt', `${JSON.stringify(digest.slice(0, 100))} is not a digest`);
  if (!Object.hasOwn(DIGITS, algorithm)) throw new InspectionError('unsupported', `digests of algorithm ${algorithm}`);
  if (hex.length !== DIGITS[algorithm])
    throw new InspectionError('corrupt', `digest ${digest.slice(0, 100)} has the wrong length`);
  return { algorithm, hex };
}

/** Compares what passes by with the digest that it should have. */
export class DigestCheck {
  private readonly hash: Hash;

  /** @param what what the digest is of, for the message */
  public constructor(
    private readonly what: string,
    private readonly expected: string,
  ) {
    this.hash = createHash(parseDigest(expected).algorithm);
  }

  public update(chunk: Uint8Array): void {
    this.hash.update(chunk);
  }

  /** @throws InspectionError when it has another */
  public finish(): void {
    const actual = `${parseDigest(this.expected).algorithm}:${this.hash.digest('hex')}`;
    if (actual === this.expected) return;
    throw new InspectionError('digest-mismatch', `${this.what} has digest ${actual}, and should have ${this.expected}`);
  }
}

/** Checks something that is in memory as a whole. */
export function checkDigest(what: string, bytes: Uint8Array, expected: string): void {
  const check = new DigestCheck(what, expected);
  check.update(bytes);
  check.finish();
}
