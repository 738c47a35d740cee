import { parseDigest } from '../digest/digest';
import { checkKeys, isObject, parseDocument } from '../image-config';
import type { PlatformImage } from '../image-source';
import { InspectionError, locating } from '../inspection-error';
import type { Limits } from '../limits';
import type { ImageFiles } from './image-files';
import { readChecked, storedLayer } from './stored-image';

/** The list of images in an OCI image layout. */
export const OCI_INDEX = 'index.json';

/** Indexes inside of indexes. */
const MOST_LEVELS = 8;

/** What a descriptor points to, by its media type; anything else cannot be run. */
const INDEX_TYPE = /^application\/vnd\.(oci\.image\.index\.v1|docker\.distribution\.manifest\.list\.v2)\+json$/;
const MANIFEST_TYPE = /^application\/vnd\.(oci\.image\.manifest\.v1|docker\.distribution\.manifest\.v2)\+json$/;
const CONFIG_TYPE = /^application\/vnd\.(oci\.image\.config\.v1|docker\.container\.image\.v1)\+json$/;
/** Written by old clients, and taken for configurations of images by Docker to this day (moby, "distribution/config.go", `ImageTypes`). */
const LEGACY_CONFIG_TYPES = ['application/octet-stream', 'application/json', 'text/html', ''];
const ATTESTATION_LAYER_TYPE = 'application/vnd.in-toto+json';
const NO_PLATFORM = 'unknown';

/** What is read of manifests and indexes, and of descriptors. */
const DOCUMENT_KEYS = ['mediaType', 'manifests', 'config', 'layers'];
const DESCRIPTOR_KEYS = ['mediaType', 'digest', 'size', 'annotations', 'platform'];

/** A reference to a blob (OCI image specification, "Content Descriptors"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size?: number;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** What an index says that it is for. */
  readonly platform: Readonly<Record<string, unknown>>;
}

/** The images of an OCI layout, those in nested indexes too, for every platform. */
export function ociImages(files: ImageFiles, limits: Limits): PlatformImage[] {
  return new OciLayout(files, limits).images();
}

class OciLayout {
  private readonly found: PlatformImage[] = [];
  private readonly seen = new Set<string>();

  public constructor(
    private readonly files: ImageFiles,
    private readonly limits: Limits,
  ) {}

  public images(): PlatformImage[] {
    const index = parseDocument(this.files.readDocument(OCI_INDEX), 'index.json');
    checkKeys(index, DOCUMENT_KEYS);
    this.addAll(descriptors(index.manifests), [], 1);
    return this.found;
  }

  private addAll(entries: readonly Descriptor[], references: readonly string[], level: number): void {
    if (level > MOST_LEVELS) throw new InspectionError('limit', `indexes nested more than ${MOST_LEVELS} deep`);
    const present = entries.filter(({ digest }) => this.files.has(blobPath(digest)));
    // An image that was saved for one platform keeps the index of all of them. What is not there cannot be run from here.
    if (present.length === 0 && entries.length > 0) {
      throw new InspectionError('missing', 'none of the images in the index is there', {
        path: blobPath(entries[0].digest),
      });
    }
    for (const entry of present) this.add(entry, referencesOf(entry) ?? references, level);
  }

  private add(entry: Descriptor, references: readonly string[], level: number): void {
    // The same manifest may be listed as an attestation, and as an image.
    const key = `${entry.digest} ${isForNoPlatform(entry)}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (this.seen.size > this.limits.images)
      throw new InspectionError('limit', `more than ${this.limits.images} images in the index`);
    locating({ path: blobPath(entry.digest) }, () => {
      const document = this.document(entry);
      checkKeys(document, DOCUMENT_KEYS);
      // One program would take it for an image, another for an index of others (CVE-2021-41190).
      if ('manifests' in document && ('layers' in document || 'config' in document)) {
        throw new InspectionError('ambiguous', 'a manifest that is an index too');
      }
      const type = typeof document.mediaType === 'string' ? document.mediaType : entry.mediaType;
      if (INDEX_TYPE.test(type)) this.addAll(descriptors(document.manifests), references, level + 1);
      else if (MANIFEST_TYPE.test(type)) this.addImage(entry, document, references);
      else throw new InspectionError('unsupported', `a manifest of type ${JSON.stringify(type)}`);
    });
  }

  private addImage(
    entry: Descriptor,
    manifest: Readonly<Record<string, unknown>>,
    references: readonly string[],
  ): void {
    const layers = descriptors(manifest.layers);
    const config = descriptor(manifest.config);
    if (!isConfig(config) || isAttestation(entry, layers)) return;
    this.found.push({
      digest: entry.digest,
      config: readChecked(this.files, blobPath(config.digest), 'the image configuration', config.digest, config.size),
      layers: layers.map(({ digest }) => storedLayer(this.files, blobPath(digest), digest)),
      references,
    });
  }

  private document({ digest, size }: Descriptor): Readonly<Record<string, unknown>> {
    return parseDocument(readChecked(this.files, blobPath(digest), 'the manifest', digest, size), 'the manifest');
  }
}

/** Where a layout keeps a blob. */
export function blobPath(digest: string): string {
  const { algorithm, hex } = parseDigest(digest);
  return `blobs/${algorithm}/${hex}`;
}

function isConfig({ mediaType }: Descriptor): boolean {
  return CONFIG_TYPE.test(mediaType) || LEGACY_CONFIG_TYPES.includes(mediaType);
}

/**
 * Whether a manifest only describes another one. The type of its layers alone does not tell, for there are runtimes that unpack layers of any
 * type; neither does the platform alone: what can be unpacked is looked at.
 */
function isAttestation(entry: Descriptor, layers: readonly Descriptor[]): boolean {
  const statements = layers.length > 0 && layers.every(({ mediaType }) => mediaType === ATTESTATION_LAYER_TYPE);
  return statements && isForNoPlatform(entry);
}

function isForNoPlatform({ platform }: Descriptor): boolean {
  return platform.os === NO_PLATFORM && platform.architecture === NO_PLATFORM;
}

function referencesOf({ annotations }: Descriptor): string[] | undefined {
  const names = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'].map((key) => annotations[key]);
  const name = names.find((value) => typeof value === 'string');
  return name === undefined ? undefined : [name];
}

/** Docker writes null when it saves an image by its id. */
function descriptors(value: unknown): Descriptor[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map(descriptor);
  throw new InspectionError('corrupt', 'something else where a list of descriptors belongs');
}

function descriptor(value: unknown): Descriptor {
  if (!isObject(value) || typeof value.digest !== 'string' || typeof value.mediaType !== 'string') {
    throw new InspectionError('corrupt', 'a descriptor without digest or media type');
  }
  checkKeys(value, DESCRIPTOR_KEYS);
  const { mediaType, digest, size } = value;
  parseDigest(digest);
  return {
    mediaType,
    digest,
    ...(typeof size === 'number' && { size }),
    annotations: isObject(value.annotations) ? value.annotations : {},
    platform: isObject(value.platform) ? value.platform : {},
  };
}
