import { join } from 'node:path';
import type { LayerFacts } from '../layers/layer-facts';
import { RECOGNISER_VERSION } from '../layers/recognise/content-recogniser';
import { EntryStore } from './entry-store';

/** What was found in the image that an asset builds. */
interface AssetRecord {
  readonly schemaVersion: 1;
  readonly recogniser: number;
  readonly assetHash: string;
  readonly facts: readonly LayerFacts[];
}

/**
 * What is known of built assets, by asset hash: the hash covers the Dockerfile, its context and its arguments, so that the same hash is
 * the same recipe. What the recipe's base was on the day of the build is in the facts.
 */
export class AssetEvidence {
  private readonly store: EntryStore<AssetRecord>;

  /** @param directory the cache directory of the package */
  public constructor(directory: string) {
    this.store = new EntryStore(join(directory, 'assets'));
  }

  /** The facts of an asset; undefined when it was not inspected, or by other recognisers than today's. */
  public find(assetHash: string): readonly LayerFacts[] | undefined {
    const record = isAssetHash(assetHash) ? this.store.get(assetHash) : undefined;
    return record?.recogniser === RECOGNISER_VERSION && record.assetHash === assetHash ? record.facts : undefined;
  }

  public keep(assetHash: string, facts: readonly LayerFacts[]): void {
    if (!isAssetHash(assetHash)) return;
    this.store.set(assetHash, { schemaVersion: 1, recogniser: RECOGNISER_VERSION, assetHash, facts });
  }
}

/** CDK's own hashes are 64 hexadecimal digits; custom hashes are hashed into the same form. */
function isAssetHash(assetHash: string): boolean {
  return /^[0-9a-f]{32,128}$/.test(assetHash);
}
