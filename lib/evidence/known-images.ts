import { tryParseReference } from '../bases/reference';
import { inspectImage } from '../layers/inspect';
import type { LayerFacts } from '../layers/layer-facts';
import { openImage } from '../layers/sources/open-image';
import type { ImageOrigin } from '../policy/image-use';
import { AssetEvidence } from './asset-evidence';
import type { AssetInspections } from './asset-inspections';
import { cacheDirectory } from './cache-directory';
import type { LockFile } from './lock-file';
import { onePlatform } from './one-platform';
import { ScanCache } from './scan-cache';

/**
 * What was seen in the layers of the images that an app runs, as far as somebody has looked: digests that are locked, assets that were
 * inspected after they were built, and tarballs, which are read here and now. Needs neither network nor Docker.
 */
export class KnownImages {
  private readonly cache: ScanCache;
  private readonly assets: AssetEvidence;
  private readonly archives = new Map<string, LayerFacts>();

  public constructor(
    private readonly lock: LockFile,
    environment: Readonly<Record<string, string | undefined>>,
    /** What came of looking into assets in this run; it counts more than what earlier runs have found. */
    private readonly inspections?: AssetInspections,
  ) {
    const directory = cacheDirectory(environment);
    this.cache = new ScanCache(directory);
    this.assets = new AssetEvidence(directory);
  }

  /** The facts of an image; undefined when nobody has looked at its layers, or it could be another image by now. */
  public layersOf(origin: ImageOrigin): LayerFacts | undefined {
    if (this.inspections?.covers(origin)) return this.inspections.layersOf(origin);
    switch (origin.kind) {
      case 'dockerfile':
        return onePlatform(this.assets.find(origin) ?? [], origin.platform);
      case 'tarball':
        return this.archive(origin.path);
      case 'reference':
        return this.locked(origin.reference);
      case 'opaque':
        return onePlatform(this.assets.find(origin) ?? []);
    }
  }

  /** Why nobody could look into an image in this run. */
  public failureOf(origin: ImageOrigin): string | undefined {
    return this.inspections?.failureOf(origin)?.error;
  }

  /** A tag may have moved since it was locked; a digest is the image. */
  private locked(reference: string): LayerFacts | undefined {
    const digest = tryParseReference(reference)?.digest;
    return digest === undefined ? undefined : onePlatform(this.lock.factsOfDigest(digest));
  }

  private archive(path: string): LayerFacts {
    const facts = this.archives.get(path) ?? this.readArchive(path);
    this.archives.set(path, facts);
    return facts;
  }

  private readArchive(path: string): LayerFacts {
    try {
      const source = openImage(path);
      try {
        const facts = inspectImage(source, { cache: this.cache, knownBases: this.lock.knownBases });
        return onePlatform(facts) ?? unreadable(path, 'there is no image in it');
      } finally {
        source.close();
      }
    } catch (error) {
      return unreadable(path, (error as Error).message);
    }
  }
}

/** Nothing is known of an archive that cannot be read, least of all that there is no shell in it. */
function unreadable(subject: string, problem: string): LayerFacts {
  return {
    subject,
    platform: '',
    layers: [],
    tools: [],
    unproven: [{ reason: `the archive cannot be read: ${problem}` }],
    ...{ user: '', entrypoint: [], cmd: [], env: [], workdir: '', onbuild: [], labels: {}, sizeBytes: 0 },
  };
}
