import type { IConstruct } from 'constructs';
import type { AssemblyModel } from '../assembly/assembly-model';
import type { FactsOptions } from '../assembly/facts-of-origin';
import { inspectableAssets } from '../assembly/inspectable-assets';
import { AssetEvidence } from '../evidence/asset-evidence';
import { AssetInspections, targetOf } from '../evidence/asset-inspections';
import { cacheDirectory } from '../evidence/cache-directory';
import { inspectInChild } from '../evidence/inspect-in-child';
import { KnownImages } from '../evidence/known-images';
import { LOCK_FILE_NAME, LockFile } from '../evidence/lock-file';
import { Assurance } from '../policy/distroless-policy';
import type { Policy } from '../policy/policy';
import { failureText } from '../report/failure-text';

type LayerKnowledge = Pick<FactsOptions, 'inspected' | 'uninspected'>;

/** What is known of the layers of images from earlier: from the lock file, from verified assets, and from tarballs. */
export function knownLayers(inspections?: AssetInspections): LayerKnowledge {
  const images = new KnownImages(LockFile.load(LOCK_FILE_NAME), process.env, inspections);
  return { inspected: (origin) => images.layersOf(origin), uninspected: (origin) => images.failureOf(origin) };
}

/**
 * What is known of the layers of an app's images; where the policy wants inspection, they are built and looked into here and now.
 *
 * @param app whoever guards the same app shares what was found, and does not try again what failed
 */
export function layersFor(model: AssemblyModel, policy: Policy, app: IConstruct): LayerKnowledge {
  return knownLayers(policy.assurance === Assurance.INSPECTED ? inspectAssets(model, policy, app) : undefined);
}

const INSPECTIONS = new WeakMap<IConstruct, AssetInspections>();

function inspectAssets({ assets }: AssemblyModel, { mirrors }: Policy, app: IConstruct): AssetInspections {
  const inspections = INSPECTIONS.get(app) ?? new AssetInspections(new AssetEvidence(cacheDirectory(process.env)));
  INSPECTIONS.set(app, inspections);
  const open = inspections.open(inspectableAssets(assets), true);
  if (open.length > 0) tell(`building and inspecting ${open.map(({ build }) => build.name).join(', ')}`);
  const { knownBases } = LockFile.load(LOCK_FILE_NAME);
  const outcomes = inspectInChild({ targets: open.map(targetOf), mirrors, knownBases }, process.env);
  open.forEach((asset, index) => {
    const outcome = outcomes[index];
    inspections.conclude(asset, outcome);
    if ('error' in outcome) tell(failureText(asset.build.name, outcome));
  });
  return inspections;
}

/** Builds take long, and findings have no room for what a tool prints. */
function tell(text: string): void {
  process.stderr.write(`cdk-distroless: ${text}\n`);
}
