import { misspeltKey } from '../../image-config';
import { parseDescriptor, type Descriptor } from './descriptor';
import { manifestKind, type ManifestKind } from './media-types';
import { RegistryError } from './registry-error';
import type { StoredManifest } from './repository-client';

/** One image of one platform, as its manifest describes it. */
export interface PlatformManifest {
  /** Digest of the manifest. */
  readonly digest: string;
  /** `os/arch[/variant]` by the index; undefined where no index says it, and the configuration has to. */
  readonly platform?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Indexes in indexes are allowed; more than a few deep is an attack or a mistake. */
const MAX_DEPTH = 4;
const MAX_MANIFESTS = 200;
/** Four times as many as Docker takes. */
const MAX_LAYERS = 512;

/**
 * The platform of manifests that only describe another one. The annotations on them are not asked: a runtime chooses by platform, so
 * an image with the annotations of an attestation would be run all the same.
 */
const ATTESTATION_PLATFORM = 'unknown/unknown';

/**
 * The platform images under a manifest or index. Attestations are left out: nothing runs them.
 *
 * @param fetch reads a manifest by its digest
 * @param wanted which platforms to descend to; a platform that the index does not tell is always looked at
 */
export async function platformManifests(
  root: StoredManifest,
  fetch: (digest: string) => Promise<StoredManifest>,
  wanted: (platform: string) => boolean,
): Promise<PlatformManifest[]> {
  const found: PlatformManifest[] = [];
  let visited = 0;
  const visit = async (manifest: StoredManifest, platform: string | undefined, depth: number): Promise<void> => {
    if (kindOf(manifest) === 'manifest') {
      found.push(parseManifest(manifest, platform));
      return;
    }
    if (depth === MAX_DEPTH) throw new RegistryError('malformed', `the index ${manifest.digest} is nested too deep`);
    for (const entry of indexEntries(manifest)) {
      if (entry.platform !== undefined && !wanted(entry.platform)) continue;
      if (++visited > MAX_MANIFESTS)
        throw new RegistryError('malformed', `the index names over ${MAX_MANIFESTS} images`);
      await visit(await fetch(entry.digest), entry.platform, depth + 1);
    }
  };
  await visit(root, undefined, 0);
  return found;
}

/** The platforms that an index offers, in its order; empty for a plain manifest. */
export function offeredPlatforms(root: StoredManifest): string[] {
  return kindOf(root) === 'index' ? indexEntries(root).flatMap(({ platform }) => platform ?? []) : [];
}

/**
 * What a document is. One that could be read as either is refused: two readers would see two images (CVE-2021-41190).
 */
function kindOf({ json, mediaType, digest }: StoredManifest): ManifestKind {
  const kind = manifestKind(mediaType);
  const key = misspeltKey(json, ['mediaType', 'manifests', 'config', 'layers']);
  if (key !== undefined) throw new RegistryError('malformed', `${digest} has a key ${JSON.stringify(key)}`);
  if ('manifests' in json && ('layers' in json || 'config' in json)) {
    throw new RegistryError('malformed', `${digest} can be read as an index and as a manifest`);
  }
  if (kind === 'index' || (kind === undefined && Array.isArray(json.manifests))) return 'index';
  if (kind === 'manifest' || (kind === undefined && Array.isArray(json.layers))) return 'manifest';
  if (json.schemaVersion === 1) {
    throw new RegistryError(
      'unsupported',
      `${digest} is a schema 1 manifest, obsolete since 2017; push the image anew`,
    );
  }
  throw new RegistryError('unsupported', `${digest} is a ${mediaType || 'document of no type'}, not an image`);
}

interface IndexEntry {
  readonly digest: string;
  readonly platform?: string;
}

function indexEntries({ json, digest }: StoredManifest): IndexEntry[] {
  const manifests = Array.isArray(json.manifests) ? (json.manifests as Record<string, unknown>[]) : [];
  return manifests
    .filter((entry) => platformName(entry.platform) !== ATTESTATION_PLATFORM)
    .map((entry) => ({
      digest: parseDescriptor(entry, `an entry of the index ${digest}`).digest,
      platform: platformName(entry.platform),
    }));
}

function platformName(platform: unknown): string | undefined {
  const { os, architecture, variant } = (platform ?? {}) as Record<string, unknown>;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return [os, architecture, ...(typeof variant === 'string' && variant !== '' ? [variant] : [])].join('/');
}

function parseManifest({ json, digest }: StoredManifest, platform: string | undefined): PlatformManifest {
  if (!Array.isArray(json.layers)) throw new RegistryError('malformed', `the manifest ${digest} has no list of layers`);
  if (json.layers.length > MAX_LAYERS)
    throw new RegistryError('malformed', `the manifest ${digest} names over ${MAX_LAYERS} layers`);
  const config = parseDescriptor(json.config, `the configuration of ${digest}`);
  const layers = json.layers.map((layer, index) => parseDescriptor(layer, `layer ${index} of ${digest}`));
  return { digest, platform, config, layers };
}
