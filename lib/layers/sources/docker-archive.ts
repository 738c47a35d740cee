import { checkKeys, isObject, parseJson } from '../image-config';
import type { LayerBlob, PlatformImage } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { normalisePath } from '../tar/entry-path';
import type { ImageFiles } from './image-files';
import { diffIdsIn, readChecked, storedLayer } from './stored-image';

/** The list of images in an archive of `docker save`, which kaniko, crane, skopeo and buildah write too. */
export const DOCKER_MANIFEST = 'manifest.json';

/** A file that is named by the digest of its content: `<hex>.json`, `sha256:<hex>`, `<hex>.tar.gz`, `blobs/sha256/<hex>`. */
const NAMED_BY_DIGEST = /^(?:blobs\/sha256\/|sha256:)?([0-9a-f]{64})(?:\.json|\.tar|\.tar\.gz)?$/;

interface ManifestEntry {
  readonly config: string;
  readonly layers: readonly string[];
  readonly references: readonly string[];
}

/** The images that `manifest.json` names. */
export function dockerImages(files: ImageFiles, limits: Limits): PlatformImage[] {
  const manifest = parseJson(files.readDocument(DOCKER_MANIFEST), 'manifest.json');
  if (!Array.isArray(manifest)) {
    const hint = 'what skopeo writes as dir: is not read, what it writes as oci: or docker-archive: is';
    throw new InspectionError('corrupt', 'manifest.json is not a list of images', {}, hint);
  }
  if (manifest.length > limits.images) throw new InspectionError('limit', `${manifest.length} images in the archive`);
  return distinct(manifest.map(readEntry)).map((entry) => imageOf(files, entry));
}

/** The same image twice need not be inspected twice. */
function distinct(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const byContent = new Map<string, ManifestEntry>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.config, entry.layers]);
    if (!byContent.has(key)) byContent.set(key, entry);
  }
  return [...byContent.values()];
}

function imageOf(files: ImageFiles, { config: path, layers, references }: ManifestEntry): PlatformImage {
  const digest = digestInName(path);
  const config = digest ? readChecked(files, path, 'the image configuration', digest) : files.readDocument(path);
  const diffIds = diffIdsIn(config);
  return { config, references, layers: layers.map((layer) => layerOf(files, layer, diffIds)) };
}

/** The name of a layer that is stored unpacked says no more than its diff id, against which it is checked anyway. */
function layerOf(files: ImageFiles, path: string, diffIds: readonly string[]): LayerBlob {
  const digest = digestInName(path);
  return storedLayer(files, path, digest !== undefined && !diffIds.includes(digest) ? digest : undefined);
}

function digestInName(path: string): string | undefined {
  const hex = NAMED_BY_DIGEST.exec(path)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

function readEntry(entry: unknown): ManifestEntry {
  if (!isObject(entry) || typeof entry.Config !== 'string') {
    throw new InspectionError('corrupt', 'manifest.json has an entry that names no configuration');
  }
  checkKeys(entry, ['Config', 'Layers', 'RepoTags']);
  const config = normalisePath(entry.Config);
  return { config, layers: paths(entry.Layers).map(normalisePath), references: paths(entry.RepoTags) };
}

function paths(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new InspectionError('corrupt', 'manifest.json has something else where a list of names belongs');
}
