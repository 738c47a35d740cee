import { isExcepted } from './exceptions';
import type { Finding } from './finding';
import type { ImageFacts } from './image-facts';
import type { ImageUse } from './image-use';
import type { Policy } from './policy';
import type { Rule, Subject, Violation } from './rule';
import { RULES } from './rules';

/**
 * Applies every rule of a policy to one image use.
 *
 * Exceptions of the policy are applied here; what people acknowledge is the guard's to apply.
 *
 * @param today ISO date, against which ends of life and exceptions are held
 */
export function evaluate(use: ImageUse, facts: ImageFacts, policy: Policy, today: string): readonly Finding[] {
  if (use.role === 'build' && !policy.includesBuildImages) return [];
  const subject: Subject = { use, facts, policy, today };
  return RULES.flatMap((rule) => findings(rule, subject));
}

/** The rules of one policy on one day. The same image run in the same way is judged once, however many containers run it. */
export class Evaluations {
  private readonly known = new Map<ImageFacts, Map<string, readonly Finding[]>>();

  public constructor(
    private readonly policy: Policy,
    private readonly today: string,
  ) {}

  /** What {@link evaluate} says of a use. */
  public of(use: ImageUse, facts: ImageFacts): readonly Finding[] {
    // Exceptions are for single constructs, stacks and containers.
    if (this.policy.exceptions.length > 0) return evaluate(use, facts, this.policy, this.today);
    const known = this.known.get(facts) ?? new Map<string, readonly Finding[]>();
    this.known.set(facts, known);
    const { origin, resourceType, role, settings } = use;
    const key = JSON.stringify([origin, resourceType, role, settings]);
    const same = known.get(key);
    if (same) return same.map((finding) => ({ ...finding, use }));
    const first = evaluate(use, facts, this.policy, this.today);
    known.set(key, first);
    return first;
  }
}

function findings(rule: Rule, subject: Subject): readonly Finding[] {
  const { use, facts, policy, today } = subject;
  const severity = policy.severityOf(rule);
  if (severity === 'off' || isExcepted(rule.id, use, facts, policy, today)) return [];
  return violations(rule, subject).map((violation) => ({ rule: rule.id, severity, use, ...violation }));
}

/** A rule that cannot be applied has not passed. */
function violations(rule: Rule, subject: Subject): readonly Violation[] {
  try {
    return rule.check(subject);
  } catch (error) {
    const message = `the rule could not be applied: ${error instanceof Error ? error.message : String(error)}`;
    return [{ message, trace: [], fix: 'report this as a bug of cdk-distroless, with the Dockerfile' }];
  }
}
