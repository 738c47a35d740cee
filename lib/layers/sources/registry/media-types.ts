/** The media types of manifests and indexes, OCI's and Docker's, as the image specification 1.1 and Docker's schema 2 name them. */

const INDEX_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

const MANIFEST_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);

/** What a client has to accept: without the index types a registry converts, and the digest is another one. */
export const ACCEPTED_MANIFESTS = [...MANIFEST_TYPES, ...INDEX_TYPES].join(', ');

export type ManifestKind = 'index' | 'manifest';

/** What a media type stands for; undefined for everything that is neither an index nor an image manifest. */
export function manifestKind(mediaType: string): ManifestKind | undefined {
  if (INDEX_TYPES.has(mediaType)) return 'index';
  return MANIFEST_TYPES.has(mediaType) ? 'manifest' : undefined;
}
