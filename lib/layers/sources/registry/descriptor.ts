import { isDigest } from './endpoint';
import { RegistryError } from './registry-error';

/** Names a blob or manifest, and says how large it is. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

/**
 * Reads a descriptor out of a manifest or index.
 *
 * @throws RegistryError `malformed` when its digest or size cannot be true
 */
export function parseDescriptor(value: unknown, what: string): Descriptor {
  const { mediaType, digest, size } = (value ?? {}) as Record<string, unknown>;
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw new RegistryError('malformed', `${what} has the digest ${JSON.stringify(digest)}, which is none`);
  }
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw new RegistryError('malformed', `${what} has the size ${JSON.stringify(size)}, which is none`);
  }
  return { mediaType: typeof mediaType === 'string' ? mediaType : '', digest, sizeBytes: size as number };
}
