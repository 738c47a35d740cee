import type * as ajv from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { nameOf, normaliseReference, tryParseReference } from '../bases/reference';
import type { KnownBase } from '../layers/ancestry';
import type { LayerFacts } from '../layers/layer-facts';
import { RECOGNISER_VERSION } from '../layers/recognise/content-recogniser';
import { writeAtomically } from './atomic-file';
import { JsonDocument, JsonDocumentError } from './json-document';
import schema from './distroless.lock.schema.json';
import { normalPlatform } from './platform-name';
import { sortedJson } from './sorted-json';

/** What is kept of an image for one platform; labels are left out, for they change with every build and say nothing of shells. */
export type LockedFacts = Omit<LayerFacts, 'subject' | 'platform' | 'labels'>;

/** What a reference stood for when it was locked. */
export interface LockedImage {
  /** Digest of the index, or of the manifest where there is no index. */
  readonly digest: string;
  /** Version of the recognisers that the facts come from; older ones may have overlooked what today's know. */
  readonly recogniser: number;
  /** Facts by platform: `linux/amd64`. */
  readonly platforms: Readonly<Record<string, LockedFacts>>;
}

interface LockDocument {
  readonly schemaVersion: 1;
  readonly images: Readonly<Record<string, LockedImage>>;
}

/** The name that the lock file has beside `cdk.json`. */
export const LOCK_FILE_NAME = 'distroless.lock.json';

/** References, the digests that they stand for, and what is in those images. Immutable; a change gives another one. */
export class LockFile {
  public static readonly EMPTY = new LockFile({});

  /**
   * Reads a lock file; empty when there is none.
   *
   * @throws JsonDocumentError when it is damaged or of a version that this package does not know: it is never half-read
   */
  public static load(path: string): LockFile {
    return existsSync(path) ? LockFile.parse(readFileSync(path, 'utf8'), path) : LockFile.EMPTY;
  }

  /** Reads the text of a lock file. */
  public static parse(text: string, file: string): LockFile {
    try {
      return new LockFile(JsonDocument.parse(text, file).validated(validator()).images);
    } catch (error) {
      if (!(error instanceof JsonDocumentError)) throw error;
      const advice = `restore ${basename(file)} from version control, or delete it and run cdk-distroless lock`;
      throw new JsonDocumentError(file, error.line, `${error.reason}; ${advice}`);
    }
  }

  private constructor(private readonly images: Readonly<Record<string, LockedImage>>) {}

  /** The references in it, in their full spelling, sorted. */
  public get references(): string[] {
    return Object.keys(this.images).sort();
  }

  /** What a reference stands for, or one that is pinned to the digest it was locked to; undefined when it is not locked. */
  public tryFind(reference: string): LockedImage | undefined {
    const key = normaliseReference(reference);
    return Object.hasOwn(this.images, key) ? this.images[key] : this.tryFindPinned(key);
  }

  /** A digest is the image, whatever tag stands beside it; the name must be the one that was looked at. */
  private tryFindPinned(reference: string): LockedImage | undefined {
    const pinned = tryParseReference(reference);
    if (pinned?.digest === undefined) return undefined;
    const found = Object.entries(this.images).find(([key, { digest }]) => {
      const locked = tryParseReference(key);
      return digest === pinned.digest && locked !== undefined && nameOf(locked) === nameOf(pinned);
    });
    return found?.[1];
  }

  /**
   * What is in the image of a reference on a platform; undefined when it is not locked for that platform, or was locked with other
   * recognisers than today's.
   */
  public tryFindFacts(reference: string, platform: string): LayerFacts | undefined {
    const image = this.tryFind(reference);
    if (!image || image.recogniser !== RECOGNISER_VERSION) return undefined;
    const wanted = normalPlatform(platform);
    const found = Object.entries(image.platforms).find(([name]) => normalPlatform(name) === wanted);
    return found && { ...found[1], subject: reference, platform: found[0], labels: {} };
  }

  /** What is in the image of a digest, for each platform it stands for: all of an index, one for the digest of a manifest. */
  public factsOfDigest(digest: string): LayerFacts[] {
    return Object.entries(this.images).flatMap(([reference, image]) =>
      Object.keys(image.platforms)
        .filter((platform) => image.digest === digest || image.platforms[platform].digest === digest)
        .flatMap((platform) => this.tryFindFacts(reference, platform) ?? []),
    );
  }

  /** Every locked image as a base that others may be built on. */
  public get knownBases(): KnownBase[] {
    return Object.entries(this.images).flatMap(([reference, { digest, platforms }]) =>
      Object.values(platforms).map(({ layers }) => ({
        reference,
        digest,
        diffIds: layers.map(({ diffId }) => diffId),
      })),
    );
  }

  /** The same with a reference locked to what was seen of it. */
  public with(reference: string, digest: string, facts: readonly LayerFacts[]): LockFile {
    const platforms = Object.fromEntries(facts.map((entry) => [entry.platform, lockedFacts(entry)]));
    const image: LockedImage = { digest, recogniser: RECOGNISER_VERSION, platforms };
    return new LockFile({ ...this.images, [normaliseReference(reference)]: image });
  }

  /** The same with these references only. */
  public only(references: readonly string[]): LockFile {
    const kept = new Set(references.map(normaliseReference));
    return new LockFile(Object.fromEntries(Object.entries(this.images).filter(([key]) => kept.has(key))));
  }

  /** The text of the file: sorted, so that a change of one image is a change of its lines only. */
  public toString(): string {
    const document: LockDocument = { schemaVersion: 1, images: this.images };
    return sortedJson(document);
  }

  /** Writes the file; readers see the old one or the new one, never a part. */
  public save(path: string): void {
    writeAtomically(path, this.toString());
  }
}

/** Exactly the members that the schema has. */
function lockedFacts(facts: LayerFacts): LockedFacts {
  const { digest, base, tools, unproven, user, entrypoint, cmd, env, workdir, healthCheck, onbuild, sizeBytes } = facts;
  const layers = facts.layers.map((layer) => pick(layer, ['digest', 'diffId', 'sizeBytes', 'files']));
  const config = { user, entrypoint, cmd, env, workdir, healthCheck, onbuild };
  return { digest, layers, base, tools, unproven, ...config, sizeBytes };
}

function pick<T, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
}

let compiled: ajv.ValidateFunction<LockDocument> | undefined;

/** Made when there is a lock file: to load what it takes is longer than all else that is done without one. */
function validator(): ajv.ValidateFunction<LockDocument> {
  if (compiled) return compiled;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { default: Ajv } = require('ajv') as typeof ajv;
  return (compiled = new Ajv({ allowUnionTypes: true }).compile<LockDocument>(schema));
}
