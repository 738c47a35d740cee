import { Evaluations } from '../policy/evaluate';
import type { Finding } from '../policy/finding';
import type { ImageUse } from '../policy/image-use';
import type { Policy } from '../policy/policy';
import type { Acknowledgement } from './acknowledgements';
import type { AssemblyModel } from './assembly-model';
import type { FactsOptions } from './facts-of-origin';
import { FactsOfOrigins } from './facts-of-origin';
import { imageUses } from './image-uses';

/** A finding, and what somebody said to it. */
export interface JudgedFinding extends Finding {
  readonly acknowledged?: Acknowledgement;
}

/** What a policy says of an assembly. */
export interface Judged {
  /** How many image uses were looked at. */
  readonly uses: number;
  readonly findings: readonly JudgedFinding[];
}

export interface JudgeOptions extends FactsOptions {
  /**
   * Which uses to judge.
   *
   * @default - all
   */
  readonly concerns?: (use: ImageUse) => boolean;
}

/**
 * Judges every image use of an assembly.
 *
 * @param today ISO date that exceptions and ends of life are compared with
 */
export function judge(model: AssemblyModel, policy: Policy, today: string, options: JudgeOptions = {}): Judged {
  const facts = new FactsOfOrigins(policy, options);
  const uses = imageUses(model).filter(options.concerns ?? (() => true));
  const evaluations = new Evaluations(policy, today);
  const findings = uses.flatMap((use) => evaluations.of(use, facts.of(use.origin)));
  return { uses: uses.length, findings: distinct(findings).map((finding) => withAcknowledgement(finding, model)) };
}

/** Several possibilities of one use may share a finding. */
function distinct(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ rule, message, trace, use }: Finding) =>
    JSON.stringify([rule, message, trace, use.templateFile, use.stack, use.logicalId, use.container]);
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}

function withAcknowledgement(finding: Finding, model: AssemblyModel): JudgedFinding {
  const acknowledged = model.acknowledgements.of(finding);
  return acknowledged ? { ...finding, acknowledged } : finding;
}
