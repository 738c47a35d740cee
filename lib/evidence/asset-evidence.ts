import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LayerFacts } from '../layers/layer-facts';
import { RECOGNISER_VERSION } from '../layers/recognise/content-recogniser';
import type { ImageOrigin } from '../policy/image-use';
import { EntryStore } from './entry-store';

/** What was found in the image that an asset builds. */
interface AssetRecord {
  readonly schemaVersion: 1;
  readonly recogniser: number;
  readonly asset: string;
  readonly facts: readonly LayerFacts[];
}

/**
 * What is known of built assets, by asset hash: the hash covers the build context, and here also how it is built, which CDK may have been
 * told to leave out. What the recipe's base was on the day of the build is in the facts.
 */
export class AssetEvidence {
  private readonly store: EntryStore<AssetRecord>;

  /** @param directory the cache directory of the package */
  public constructor(directory: string) {
    this.store = new EntryStore(join(directory, 'assets'));
  }

  /** The facts of an asset; undefined when it was not inspected, or by other recognisers than today's. */
  public find(origin: ImageOrigin): readonly LayerFacts[] | undefined {
    const name = entryName(origin);
    const record = name === undefined ? undefined : this.store.get(name);
    return record?.recogniser === RECOGNISER_VERSION && record.asset === name ? record.facts : undefined;
  }

  public keep(origin: ImageOrigin, facts: readonly LayerFacts[]): void {
    const asset = entryName(origin);
    if (asset === undefined) return;
    this.store.set(asset, { schemaVersion: 1, recogniser: RECOGNISER_VERSION, asset, facts });
  }
}

/** CDK's hashes are 64 hexadecimal digits; the name of an asset may stand before its hash. */
const ASSET_HASH = /(?:^|-)([0-9a-f]{32,128})$/;

/** The hash of the asset, and that of its recipe; undefined where the hash does not tell one image from another. */
function entryName(origin: ImageOrigin): string | undefined {
  const hash = 'assetId' in origin ? ASSET_HASH.exec(origin.assetId ?? '')?.[1] : undefined;
  if (hash === undefined || isBuiltFromElsewhere(origin)) return undefined;
  const recipe = createHash('sha256')
    .update(JSON.stringify(recipeOf(origin)))
    .digest('hex');
  return `${hash}-${recipe.slice(0, 16)}`;
}

function recipeOf(origin: ImageOrigin): unknown {
  if (origin.kind !== 'dockerfile') return origin;
  const { dockerfile, target, platform, buildArgs, buildContexts } = origin;
  return [dockerfile, target, platform, Object.entries(buildArgs ?? {}), Object.entries(buildContexts ?? {})];
}

/** Another directory than the asset's own may be a named context. What is in it the hash does not cover. */
function isBuiltFromElsewhere(origin: ImageOrigin): boolean {
  return (
    origin.kind === 'dockerfile' && Object.values(origin.buildContexts ?? {}).some((value) => !value.includes('://'))
  );
}
