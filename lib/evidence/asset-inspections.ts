import type { LayerFacts } from '../layers/layer-facts';
import type { ImageOrigin } from '../policy/image-use';
import type { AssetEvidence } from './asset-evidence';
import type { AssetBuild } from './builds/asset-build';
import type { InspectionTarget } from './image-inspector';
import type { InspectionFailure, InspectionOutcome } from './inspect-in-child';
import { onePlatform } from './one-platform';

/** An asset whose layers are to be looked into. */
export interface InspectableAsset {
  readonly origin: ImageOrigin;
  readonly build: AssetBuild;
  /** Why it cannot be told what image it is. */
  readonly conflict?: string;
}

/** What came of looking into the assets of an app. */
export class AssetInspections {
  private readonly outcomes = new Map<string, InspectionOutcome>();

  public constructor(private readonly evidence: AssetEvidence) {}

  /**
   * Tells which assets are to be inspected.
   *
   * @param recall whether to take what is known from earlier
   */
  public open(assets: readonly InspectableAsset[], recall: boolean): InspectableAsset[] {
    return assets.filter(({ origin, conflict }) => {
      if (recall && this.covers(origin)) return false;
      const facts = recall && conflict === undefined ? this.evidence.find(origin) : undefined;
      const outcome = conflict === undefined ? facts && { facts } : { error: conflict };
      if (outcome) this.outcomes.set(keyOf(origin), outcome);
      return outcome === undefined;
    });
  }

  /** Takes what was found in an asset, or why nothing was, and keeps what was found. */
  public conclude({ origin }: InspectableAsset, outcome: InspectionOutcome): void {
    this.outcomes.set(keyOf(origin), outcome);
    if ('facts' in outcome) this.evidence.keep(origin, outcome.facts);
  }

  /** Whether somebody has looked into an asset, or has tried to. */
  public covers(origin: ImageOrigin): boolean {
    return this.outcomes.has(keyOf(origin));
  }

  /** What is in the layers of an asset. */
  public layersOf(origin: ImageOrigin): LayerFacts | undefined {
    const outcome = this.outcomes.get(keyOf(origin));
    return outcome && 'facts' in outcome ? onePlatform(outcome.facts, platformOf(origin)) : undefined;
  }

  /** Why nothing is known of the layers of an asset. */
  public failureOf(origin: ImageOrigin): InspectionFailure | undefined {
    const outcome = this.outcomes.get(keyOf(origin));
    return outcome && 'error' in outcome ? outcome : undefined;
  }
}

/** What is to be inspected of an asset. */
export function targetOf({ origin, build }: InspectableAsset): InspectionTarget {
  const platform = platformOf(origin);
  return { kind: 'asset', build, ...(platform !== undefined && { platforms: [platform] }) };
}

function platformOf(origin: ImageOrigin): string | undefined {
  return origin.kind === 'dockerfile' ? origin.platform : undefined;
}

function keyOf(origin: ImageOrigin): string {
  return JSON.stringify(origin);
}
