import type { Mirrors } from '../bases/mirrors';
import { Assurance, type DistrolessPolicy, type PolicyException } from './distroless-policy';
import type { Severity } from './finding';
import { fitsReference } from './pattern';
import { policyProblems } from './policy-problems';

/** The word in `approvedBases` that stands for all distroless images of the catalogue. */
export const CATALOGUE_WORD = 'catalogue';

/** A policy that was found in order, with every default filled in. */
export class Policy {
  /** The policy that nobody wrote: every base of the catalogue, no exceptions. */
  public static readonly DEFAULT = new Policy({});

  /**
   * Checks a policy.
   *
   * @throws Error that names every entry that is wrong, what it is, and what it should be
   */
  public static from(policy: DistrolessPolicy = {}): Policy {
    const problems = policyProblems(policy);
    if (problems.length === 0) return new Policy(policy);
    const lines = problems.map(({ path, message }) => `${path.join('.') || 'policy'}: ${message}`);
    throw new Error(`the policy is not in order:\n  ${lines.join('\n  ')}`);
  }

  public readonly mirrors: Mirrors;
  public readonly exceptions: readonly PolicyException[];
  public readonly assurance: Assurance;
  public readonly includesBuildImages: boolean;
  /** Whether the distroless images of the catalogue are approved as a whole. */
  public readonly approvesCatalogue: boolean;
  private readonly approvedPatterns: readonly string[];

  private constructor(private readonly declared: DistrolessPolicy) {
    const approved = declared.approvedBases ?? [CATALOGUE_WORD];
    this.approvesCatalogue = approved.includes(CATALOGUE_WORD);
    this.approvedPatterns = approved.filter((pattern) => pattern !== CATALOGUE_WORD);
    this.mirrors = declared.mirrors ?? {};
    this.exceptions = declared.exceptions ?? [];
    this.assurance = declared.assurance ?? Assurance.DECLARED;
    this.includesBuildImages = declared.includeBuildImages ?? false;
  }

  /** The same, with proof by layers demanded. */
  public get inspected(): Policy {
    return new Policy({ ...this.declared, assurance: Assurance.INSPECTED });
  }

  /** Whether a pattern of the policy approves a reference in one of its spellings. */
  public approves(...references: readonly string[]): boolean {
    return this.approvedPatterns.some((pattern) => references.some((reference) => fitsReference(pattern, reference)));
  }

  /** The severity of a rule's findings. */
  public severityOf(rule: { readonly id: string; readonly defaultSeverity: 'error' | 'warning' }): Severity {
    return (this.declared.severities?.[rule.id] as Severity | undefined) ?? rule.defaultSeverity;
  }
}
