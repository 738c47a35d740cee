import { findBase, type KnownBase } from './ancestry';
import { platformOf, readImageConfig, type ImageConfig } from './image-config';
import type { ImageSource, LayerBlob, PlatformImage } from './image-source';
import { InspectionError, locating } from './inspection-error';
import type { LayerFacts, UnprovenContent } from './layer-facts';
import { DEFAULT_LIMITS, type Limits } from './limits';
import { noneUsed, type Budget } from './scan/budget';
import type { LayerScan, LayerScanCache } from './scan/layer-scan';
import { LayerScans } from './scan/layer-scans';
import { FileTree } from './tree/file-tree';
import { findTools } from './tree/find-tools';

/** How far an inspection has come. */
export interface InspectionProgress {
  readonly subject: string;
  readonly platform: string;
  /** Index of the layer that is being read. */
  readonly layer: number;
  readonly layers: number;
  /** Bytes of that layer, as stored, that have been read. */
  readonly readBytes: number;
  /** How many there are, where that is known. */
  readonly layerBytes?: number;
}

export interface InspectOptions {
  /**
   * Scans from earlier inspections: a layer that is in it is not read.
   *
   * @default - every layer is read
   */
  readonly cache?: LayerScanCache;
  /**
   * Images that the inspected one may be built on.
   *
   * @default - no base is recognised
   */
  readonly knownBases?: readonly KnownBase[];
  /**
   * Whether bytes are read that are needed for nothing but the diff ids of unpacked layers of more than 4 MiB that have no other digest, as
   * in the archives of `docker save`. What is recognised is the same. Whoever loads such an archive checks the diff ids, and refuses wrong
   * ones.
   *
   * @default false
   */
  readonly readEverything?: boolean;
  /** @default DEFAULT_LIMITS */
  readonly limits?: Partial<Limits>;
  /** @default - nobody is told */
  readonly onProgress?: (progress: InspectionProgress) => void;
}

/**
 * Learns what the bytes of an image say, one answer for each image in the source.
 *
 * @throws InspectionError when any of them cannot be read to the end: nothing is known then, least of all that there is no shell
 */
export function inspectImage(source: ImageSource, options: InspectOptions = {}): LayerFacts[] {
  const { subject } = source;
  return locating({ subject }, () => {
    if (source.images.length === 0) throw new InspectionError('not-an-image', 'there is no image in it');
    const budget = noneUsed();
    return source.images.map((image) => new ImageInspection(subject, image, options, budget).run());
  });
}

class ImageInspection {
  private readonly limits: Limits;
  private readonly config: ImageConfig;
  private readonly platform: string;

  public constructor(
    private readonly subject: string,
    private readonly image: PlatformImage,
    private readonly options: InspectOptions,
    /** What the images before have used up of the bytes; all other limits are those of one image. */
    private readonly before: Budget,
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.config = readImageConfig(image.config);
    this.platform = platformOf(this.config);
  }

  public run(): LayerFacts {
    this.checkLayerCount();
    if (this.config.os === 'windows') return this.factsOf([], [], [{ reason: 'Windows images are not inspected' }]);
    const tree = new FileTree(this.limits);
    const scans = this.scans();
    const layers = this.config.diffIds.map((_, layer) =>
      locating({ layer }, () => {
        const scan = scans.get(layer);
        tree.apply(layer, scan);
        return this.layerOf(scan, this.image.layers[layer]);
      }),
    );
    Object.assign(this.before, scans.used);
    const { tools, unproven } = findTools(tree);
    return this.factsOf(layers, tools, [...unproven, ...this.contradictions(tools)]);
  }

  private checkLayerCount(): void {
    const { length } = this.config.diffIds;
    if (length > this.limits.layers) throw new InspectionError('limit', `${length} layers`);
    if (length === this.image.layers.length) return;
    const problem = `the configuration names ${length} layers, and there are ${this.image.layers.length}`;
    throw new InspectionError('corrupt', problem, {}, 'an archive that was not written to its end');
  }

  private scans(): LayerScans {
    const { cache, readEverything = false } = this.options;
    const layers = this.config.diffIds.map((diffId, layer) => ({ diffId, blob: this.image.layers[layer] }));
    return new LayerScans(layers, {
      cache,
      readEverything,
      limits: this.limits,
      before: this.before,
      onRead: this.progress(),
    });
  }

  private progress(): ((layer: number, bytes: number) => void) | undefined {
    const { onProgress } = this.options;
    const { subject, platform } = this;
    const { layers } = this.image;
    const read = new Map<number, { readBytes: number; readonly layerBytes?: number }>();
    return (
      onProgress &&
      ((layer, bytes) => {
        const soFar = read.get(layer) ?? { readBytes: 0, layerBytes: layers[layer].sizeBytes };
        soFar.readBytes += bytes;
        read.set(layer, soFar);
        onProgress({ subject, platform, layer, layers: layers.length, ...soFar });
      })
    );
  }

  /** Debug variants of distroless images say so in their PATH. Where one does and nothing was found, something was missed. */
  private contradictions(tools: LayerFacts['tools']): UnprovenContent[] {
    const path = this.config.env.find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length) ?? '';
    if (tools.length > 0 || !path.split(':').includes('/busybox')) return [];
    return [{ reason: 'PATH names /busybox, as in debug variants, but nothing was found there' }];
  }

  private factsOf(
    layers: LayerFacts['layers'],
    tools: LayerFacts['tools'],
    unproven: readonly UnprovenContent[],
  ): LayerFacts {
    const { diffIds, user, entrypoint, cmd, env, workdir, healthCheck, onbuild, labels } = this.config;
    const base = findBase(diffIds, this.options.knownBases ?? []);
    return {
      subject: this.image.references[0] ?? this.subject,
      platform: this.platform,
      ...(this.image.digest !== undefined && { digest: this.image.digest }),
      layers,
      ...(base && { base: { reference: base.reference, digest: base.digest, layers: base.diffIds.length } }),
      tools,
      unproven,
      user,
      entrypoint,
      cmd,
      env,
      workdir,
      ...(healthCheck && { healthCheck }),
      onbuild,
      labels,
      sizeBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
    };
  }

  private layerOf(scan: LayerScan, { digest }: LayerBlob): LayerFacts['layers'][number] {
    const { diffId, sizeBytes, files, verified } = scan;
    return { ...(digest !== undefined && { digest }), diffId, sizeBytes, files, verified };
  }
}
