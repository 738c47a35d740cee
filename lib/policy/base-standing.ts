import type { BaseVerdict } from '../bases/base-verdict';
import type { ImageFacts, ToolFact } from './image-facts';
import type { Subject } from './rule';

/**
 * How the base of an image stands with the policy. One cause is one finding: each standing but the first is one rule's to report.
 *
 * - `accepted`: nothing is wrong with the base as such
 * - `unresolved`: it is not known what the base is
 * - `debug-variant`: it is a variant that is made to have a shell
 * - `has-shell`: it has a shell, whatever its name says
 * - `not-distroless`: it is a general-purpose image
 * - `not-approved`: it may be distroless, and the policy wants others
 * - `unknown`: nobody knows it
 * - `unproven`: it claims to be distroless, and the reference hides which variant it is
 */
export type BaseStanding =
  | 'accepted'
  | 'unresolved'
  | 'debug-variant'
  | 'has-shell'
  | 'not-distroless'
  | 'not-approved'
  | 'unknown'
  | 'unproven';

/** How the base of an image stands with the policy. */
export function baseStanding({ facts, policy }: Subject): BaseStanding {
  const { base } = facts;
  if (!base) return 'unresolved';
  const verdict = base.verdict;
  if (verdict?.debugVariant) return 'debug-variant';
  const inspected = isInspected(facts);
  if (isApproved({ facts, policy })) return shellStanding(verdict, inspected);
  if (verdict?.kind === 'not-distroless') return 'not-distroless';
  if (verdict?.kind === 'shell' && !inspected) return 'has-shell';
  if (!policy.approvesCatalogue) return 'not-approved';
  return catalogueStanding(verdict, inspected);
}

/** Whether a pattern of the policy approves the base by name. */
export function isApproved({ facts, policy }: Pick<Subject, 'facts' | 'policy'>): boolean {
  const { base } = facts;
  return base !== undefined && policy.approves(base.reference, base.verdict?.reference ?? base.reference);
}

/** Whether the layers of the base were seen, so that its name no longer matters. */
export function isInspected(facts: ImageFacts): boolean {
  return facts.proof === 'layers' || facts.base?.inspected === true;
}

/** Whether what was found is in the layers of the base. */
export function isFromBase(tool: ToolFact, facts: ImageFacts): boolean {
  const place = tool.trace.find((step) => 'layer' in step);
  return place !== undefined && 'layer' in place && place.layer < (facts.base?.layers ?? 0);
}

/** Approval is by name; that it has a shell is known all the same. */
function shellStanding(verdict: BaseVerdict | undefined, inspected: boolean): BaseStanding {
  const hasShell = verdict?.kind === 'shell' || verdict?.kind === 'not-distroless';
  return hasShell && !inspected ? 'has-shell' : 'accepted';
}

function catalogueStanding(verdict: BaseVerdict | undefined, inspected: boolean): BaseStanding {
  if (inspected || verdict?.kind === 'distroless') return 'accepted';
  return verdict?.kind === 'unproven' ? 'unproven' : 'unknown';
}
