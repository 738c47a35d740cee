import { parseDigest } from './digest/digest';
import { InspectionError } from './inspection-error';

/** How an image is run and built upon, by its configuration. */
export interface RunConfig {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly workdir: string;
  /** As stored: `["CMD", ...]`, `["CMD-SHELL", "..."]`, `["NONE"]`; undefined when nothing is said. */
  readonly healthCheck?: readonly string[];
  readonly onbuild: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What the configuration of an image says (OCI image specification, "Image Configuration"; Docker's has a few fields more). */
export interface ImageConfig extends RunConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly diffIds: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the configuration of an image.
 *
 * @throws InspectionError when it is not one
 */
export function readImageConfig(bytes: Uint8Array): ImageConfig {
  const image = parseDocument(bytes, 'the image configuration');
  checkKeys(image, ['os', 'architecture', 'variant', 'rootfs', 'config']);
  const config = object(image.config);
  checkKeys(config, ['User', 'Entrypoint', 'Cmd', 'Env', 'WorkingDir', 'Healthcheck', 'OnBuild', 'Labels']);
  const healthCheck = object(config.Healthcheck).Test;
  return {
    os: text(image.os) || 'linux',
    architecture: text(image.architecture) || 'unknown',
    ...(text(image.variant) !== '' && { variant: text(image.variant) }),
    diffIds: diffIdsOf(image),
    user: text(config.User),
    entrypoint: words(config.Entrypoint),
    cmd: words(config.Cmd),
    env: words(config.Env),
    workdir: text(config.WorkingDir),
    ...(Array.isArray(healthCheck) && healthCheck.length > 0 && { healthCheck: words(healthCheck) }),
    onbuild: words(config.OnBuild),
    labels: Object.fromEntries(Object.entries(object(config.Labels)).map(([name, value]) => [name, text(value)])),
  };
}

/** `linux/arm64`, `linux/arm/v7`. */
export function platformOf({ os, architecture, variant }: ImageConfig): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join('/');
}

/**
 * Reads a JSON document that must be an object.
 *
 * @param what what it is, for the message
 */
export function parseDocument(bytes: Uint8Array, what: string): Json {
  const value = parseJson(bytes, what);
  if (isObject(value)) return value;
  throw new InspectionError('corrupt', `${what} is not a JSON object`);
}

/** Reads JSON of any kind; see {@link parseDocument}. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as unknown;
  } catch {
    throw new InspectionError('corrupt', `${what} is not JSON`);
  }
}

/**
 * A key that is written in other letters than it should be: Go's decoder, by which Docker and containerd read such documents, takes `Layers`
 * for `layers`, and of both the last.
 */
export function misspeltKey(json: Json, names: readonly string[]): string | undefined {
  const byFolded = new Map(names.map((name) => [folded(name), name]));
  return Object.keys(json).find((key) => (byFolded.get(folded(key)) ?? key) !== key);
}

/** Refuses a document in which {@link misspeltKey} finds something. */
export function checkKeys(json: Json, names: readonly string[]): void {
  const key = misspeltKey(json, names);
  if (key === undefined) return;
  throw new InspectionError(
    'ambiguous',
    `a key ${JSON.stringify(key)} in a JSON document, which programs read differently`,
  );
}

/** Also the two letters outside of ASCII that Go folds into it: the long s, and the sign for kelvin. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function diffIdsOf(image: Json): string[] {
  const rootfs = object(image.rootfs);
  checkKeys(rootfs, ['diff_ids']);
  const { diff_ids: ids } = rootfs;
  if (ids === undefined || ids === null) {
    throw new InspectionError(
      'corrupt',
      'the image configuration names no layers',
      {},
      'the configuration of something else',
    );
  }
  const diffIds = words(ids);
  diffIds.forEach(parseDigest);
  return diffIds;
}

function object(value: unknown): Json {
  if (value === undefined || value === null) return {};
  if (isObject(value)) return value;
  throw new InspectionError('corrupt', 'the image configuration has something else where an object belongs');
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new InspectionError('corrupt', 'the image configuration has something else where text belongs');
}

function words(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map(text);
  throw new InspectionError('corrupt', 'the image configuration has something else where a list belongs');
}
