import type { DockerfileAnalysis } from '../../dockerfile/analysis';
import type { LayerFacts } from '../../layers/layer-facts';
import type { ImageFacts } from '../../policy/image-facts';

/** What was found out of one image: from its layers, or from the Dockerfile that builds it. */
export interface Inspection {
  readonly facts: ImageFacts;
  /** Of an image that exists. */
  readonly layers?: LayerFacts;
  /** Of an image that is yet to be built. */
  readonly dockerfile?: DockerfileAnalysis;
}

export type Verdict = 'compliant' | 'violation' | 'unproven';

/**
 * Whether an image is fit to run without a shell. What a base's name says counts only as long as nobody has looked at the layers.
 */
export function verdictOf({ facts }: Inspection): Verdict {
  const base = facts.proof === 'layers' ? undefined : facts.base?.verdict?.kind;
  const found = facts.shells.length + facts.packageManagers.length > 0;
  if (found || base === 'shell' || base === 'not-distroless') return 'violation';
  const proved = facts.unproven.length === 0 && base !== 'unproven' && base !== 'unknown';
  return proved ? 'compliant' : 'unproven';
}

/** The worst of several: an image is as good as the platform that is worst. */
export function worstVerdict(inspections: readonly Inspection[]): Verdict {
  const verdicts = inspections.map(verdictOf);
  return verdicts.find((verdict) => verdict === 'violation') ?? verdicts.find((v) => v === 'unproven') ?? 'compliant';
}
