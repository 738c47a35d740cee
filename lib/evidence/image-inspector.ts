import type { Mirrors } from '../bases/mirrors';
import type { KnownBase } from '../layers/ancestry';
import { platformOf, readImageConfig } from '../layers/image-config';
import { inspectImage, type InspectOptions } from '../layers/inspect';
import { InspectionError } from '../layers/inspection-error';
import type { ImageSource } from '../layers/image-source';
import type { LayerFacts } from '../layers/layer-facts';
import { knownScan } from '../layers/scan/known-scans';
import type * as daemonFile from '../layers/sources/daemon';
import { openImage, openImageStream } from '../layers/sources/open-image';
import type { AssetBuild } from './builds/asset-build';
import type * as assetBuilderFile from './builds/asset-builder';
import { cacheDirectory } from './cache-directory';
import { normalPlatform } from './platform-name';
import type * as registryImagesFile from './registry-images';
import { ScanCache } from './scan-cache';

/** Where an image is to be looked for. */
export type InspectionTarget =
  /** An image in a registry; only these platforms of an index, all when there are none. */
  | { readonly kind: 'registry'; readonly reference: string; readonly platforms?: readonly string[] }
  /** An image that the local Docker daemon has. */
  | { readonly kind: 'daemon'; readonly reference: string; readonly platforms?: readonly string[] }
  /** An image asset, which is made as the CDK CLI makes it, unless the daemon has it. */
  | { readonly kind: 'asset'; readonly build: AssetBuild; readonly platforms?: readonly string[] }
  /** An archive, or an OCI layout. */
  | { readonly kind: 'archive'; readonly path: string; readonly platforms?: readonly string[] }
  /** An archive that comes through a pipe. */
  | { readonly kind: 'stream'; readonly fd: number; readonly subject: string; readonly platforms?: readonly string[] };

export interface ImageInspectorOptions {
  /** Environment variables: proxies, Docker's configuration, the place of the cache. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Where registries or paths in them are mirrored; images are then pulled from there.
   *
   * @default - none
   */
  readonly mirrors?: Mirrors;
  /**
   * Images that others may be built on, with their diff ids.
   *
   * @default - none
   */
  readonly knownBases?: readonly KnownBase[];
  /**
   * Told how far the present step has come, in bytes; the total is 0 where it is not known.
   *
   * @default - nobody is told
   */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** What was found in an image. */
export interface ImageInspection {
  /** What the reference stands for; undefined for what has no digest, such as an archive. */
  readonly digest?: string;
  /** One for each platform. */
  readonly facts: readonly LayerFacts[];
}

/**
 * Learns what is really in images, wherever they are. Scans of layers are kept, and layers that were scanned once are neither downloaded
 * nor read again.
 */
export class ImageInspector {
  private readonly cache: ScanCache;
  private registryImages?: registryImagesFile.RegistryImages;

  public constructor(private readonly options: ImageInspectorOptions) {
    this.cache = new ScanCache(cacheDirectory(options.environment));
  }

  /**
   * Inspects an image.
   *
   * @throws InspectionError when it cannot be read to its end
   * @throws RegistryError when the registry does not give it
   * @throws BuildError when it cannot be built
   */
  public async inspect(target: InspectionTarget): Promise<ImageInspection> {
    const { source, digest } = await this.open(target);
    try {
      return { digest, facts: inspectImage(onPlatforms(source, target), this.inspectOptions()) };
    } finally {
      source.close();
    }
  }

  /** The digest that a reference stands for in its registry now. */
  public resolve(reference: string): Promise<string> {
    return this.registry.resolve(reference);
  }

  /** Closes the connections that are kept open. */
  public close(): void {
    this.registryImages?.close();
  }

  /** Made when it is needed: an archive can be inspected without what it takes to speak with registries. */
  private get registry(): registryImagesFile.RegistryImages {
    return (this.registryImages ??= new (ofRegistries().RegistryImages)(
      this.options.environment,
      this.options.mirrors,
    ));
  }

  private async open(target: InspectionTarget): Promise<{ source: ImageSource; digest?: string }> {
    if (target.kind === 'archive') return { source: openImage(target.path) };
    if (target.kind === 'stream') return { source: openImageStream(target.fd, target.subject) };
    if (target.kind === 'daemon') return { source: await this.saved(target.reference) };
    if (target.kind === 'asset') {
      return { source: await this.saved(await ofBuilds().buildAsset(target.build, this.options.environment)) };
    }
    const source = await this.registry.pull(target.reference, {
      platform: (name) => isWanted(name, target.platforms),
      needsLayer: (diffId, digest) => knownScan(this.cache, diffId, digest) === undefined,
      onProgress: ({ receivedBytes, totalBytes }) => this.options.onProgress?.(receivedBytes, totalBytes),
    });
    const images = source.images.map((image) => ({ ...image, references: [target.reference] }));
    return { source: { ...source, subject: target.reference, images }, digest: source.digest };
  }

  private saved(reference: string): Promise<ImageSource> {
    const onProgress = (savedBytes: number) => this.options.onProgress?.(savedBytes, 0);
    return ofDaemons().openDaemonImage(reference, { environment: this.options.environment, onProgress });
  }

  private inspectOptions(): InspectOptions {
    const { knownBases, onProgress } = this.options;
    return {
      cache: this.cache,
      knownBases,
      onProgress: onProgress && (({ readBytes, layerBytes }) => onProgress(readBytes, layerBytes ?? 0)),
    };
  }
}

/* eslint-disable @typescript-eslint/no-require-imports -- most images are in one kind of place, and the others need much */
const ofDaemons = () => require('../layers/sources/daemon') as typeof daemonFile;
const ofBuilds = () => require('./builds/asset-builder') as typeof assetBuilderFile;
const ofRegistries = () => require('./registry-images') as typeof registryImagesFile;
/* eslint-enable @typescript-eslint/no-require-imports */

/** The images for the platforms that were asked for. */
function onPlatforms(source: ImageSource, target: InspectionTarget): ImageSource {
  if (target.platforms === undefined) return source;
  const offered = source.images.map((image) => ({ image, platform: platformOf(readImageConfig(image.config)) }));
  const images = offered.filter(({ platform }) => isWanted(platform, target.platforms)).map(({ image }) => image);
  if (images.length > 0) return { ...source, images };
  const wanted = target.platforms.join(' or ');
  const others = offered.map(({ platform }) => platform).join(', ');
  throw new InspectionError('missing', `there is no image for ${wanted} in it, but for ${others}`, {
    subject: source.subject,
  });
}

function isWanted(platform: string, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || wanted.some((name) => normalPlatform(name) === normalPlatform(platform));
}
