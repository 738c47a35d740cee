import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSink, ImageSource, LayerBlob, PlatformImage } from '../../image-source';
import { KeptFiles } from '../kept-files';
import type { Descriptor } from './descriptor';
import { displayName, type RegistryImage } from './endpoint';
import { parseObject } from './json-body';
import { offeredPlatforms, platformManifests, type PlatformManifest } from './manifest-tree';
import { RegistryError } from './registry-error';
import { RepositoryClient, type RegistrySession } from './repository-client';

/** Real configurations have some kilobytes; Docker's own limit is 8 MiB. */
const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;

/** Of all platforms together, by what their manifests say. */
const ALL_CONFIGS_LIMIT_BYTES = 64 * 1024 * 1024;

/** Larger than any layer that ECR (52,000 MiB) would take is a lie. */
const LAYER_LIMIT_BYTES = 52_000 * 1024 * 1024;

/** Layers fetched at the same time, as Docker does. */
const PARALLEL_DOWNLOADS = 3;

const READ_SIZE = 256 * 1024;

export interface PullOptions {
  /**
   * Which platforms of an index to take.
   *
   * @default - all
   */
  readonly platform?: (platform: string) => boolean;
  /**
   * Which layers have to be looked at, by their diff id and their digest; the others are not downloaded and cannot be read.
   *
   * @default - all
   */
  readonly needsLayer?: (diffId: string, digest: string) => boolean;
  /** Told of bytes as they arrive, and of how many there will be. */
  readonly onProgress?: (progress: PullProgress) => void;
}

export interface PullProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** An image taken from a registry: readable until it is closed, which removes the downloads. */
export interface PulledImage extends ImageSource {
  /** What the reference stands for: the digest of the index, or of the manifest where there is no index. */
  readonly digest: string;
}

/**
 * Downloads what has to be looked at of an image in a registry into temporary files, every digest verified.
 *
 * @throws RegistryError
 */
export async function pullImage(
  image: RegistryImage,
  session: RegistrySession,
  options: PullOptions = {},
): Promise<PulledImage> {
  const client = new RepositoryClient(image, session);
  const root = await client.manifest();
  const wanted = options.platform ?? (() => true);
  const manifests = await platformManifests(root, (digest) => client.manifest(digest), wanted);
  if (manifests.length === 0) {
    const offered = offeredPlatforms(root).join(', ');
    throw new RegistryError('not-found', `${displayName(image)} has no image for these platforms, but for ${offered}`);
  }
  checkConfigs(manifests);
  const described = await Promise.all(manifests.map((manifest) => withConfig(client, manifest)));
  const directory = mkdtempSync(join(tmpdir(), 'cdk-distroless-'));
  const kept = new KeptFiles((path) => openSync(path, 'r'));
  const close = () => {
    kept.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await downloadLayers(client, described, directory, options);
  } catch (error) {
    close();
    throw error;
  }
  const images = described.map((entry) => platformImage(entry, directory, kept, displayName(image)));
  return { subject: displayName(image), digest: root.digest, images, close };
}

/** All are held at once. No more bytes of a blob are taken than its descriptor says. */
function checkConfigs(manifests: readonly PlatformManifest[]): void {
  const total = manifests.reduce((sum, { config }) => sum + config.sizeBytes, 0);
  if (total > ALL_CONFIGS_LIMIT_BYTES)
    throw new RegistryError('too-large', `the configurations of the image have ${total} bytes together`);
}

/** A platform's manifest with its configuration. */
interface DescribedImage extends PlatformManifest {
  readonly configBytes: Buffer;
  readonly os: unknown;
  readonly diffIds: readonly unknown[];
}

async function withConfig(client: RepositoryClient, manifest: PlatformManifest): Promise<DescribedImage> {
  const configBytes = await client.blob(manifest.config, CONFIG_LIMIT_BYTES);
  const { os, rootfs } = parseObject(configBytes, `the configuration ${manifest.config.digest}`);
  const { diff_ids: diffIds } = (rootfs ?? {}) as { diff_ids?: unknown };
  return { ...manifest, configBytes, os, diffIds: Array.isArray(diffIds) ? diffIds : [] };
}

/** Platforms share layers; each is fetched once. */
async function downloadLayers(
  client: RepositoryClient,
  images: readonly DescribedImage[],
  directory: string,
  options: PullOptions,
): Promise<void> {
  const needed = new Map(images.flatMap((image) => neededLayers(image, options)).map((layer) => [layer.digest, layer]));
  const totalBytes = [...needed.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let receivedBytes = 0;
  const onBytes = (count: number) => {
    receivedBytes += count;
    options.onProgress?.({ receivedBytes, totalBytes });
  };
  const queue = [...needed.values()];
  const worker = async () => {
    for (let layer = queue.shift(); layer; layer = queue.shift()) {
      await client.download(layer, { path: blobPath(directory, layer), onBytes });
    }
  };
  await allSettled(Array.from({ length: PARALLEL_DOWNLOADS }, worker));
}

/** Waits for all, so that nothing still writes when the first failure is told. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

/** Windows images are not looked into, and their layers are large. */
function neededLayers({ layers, os, diffIds }: DescribedImage, { needsLayer }: PullOptions): Descriptor[] {
  if (os === 'windows') return [];
  const needed = layers.filter(({ digest }, index) => {
    const diffId = diffIds[index];
    return typeof diffId !== 'string' || needsLayer === undefined || needsLayer(diffId, digest);
  });
  const huge = needed.find(({ sizeBytes }) => sizeBytes > LAYER_LIMIT_BYTES);
  if (huge) throw new RegistryError('too-large', `layer ${huge.digest} claims to have ${huge.sizeBytes} bytes`);
  return needed;
}

function platformImage(image: DescribedImage, directory: string, kept: KeptFiles, reference: string): PlatformImage {
  return {
    digest: image.digest,
    config: image.configBytes,
    layers: image.layers.map((layer) => downloadedLayer(layer, blobPath(directory, layer), kept)),
    references: [reference],
  };
}

function downloadedLayer({ digest, sizeBytes }: Descriptor, path: string, kept: KeptFiles): LayerBlob {
  return {
    digest,
    sizeBytes,
    read: (into) => readFile(path, into),
    open: () => openSync(path, 'r'),
    range: () => kept.range(path),
  };
}

/** Skips by moving on in the file, which costs nothing where a layer is not compressed. */
function readFile(path: string, into: ByteSink): void {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_SIZE);
    let position = 0;
    for (let count = -1; count !== 0; position += count) {
      count = readSync(file, buffer, 0, buffer.length, position);
      into.push(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

function blobPath(directory: string, { digest }: Descriptor): string {
  return join(directory, digest.replace(':', '-'));
}
