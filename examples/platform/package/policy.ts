import type { DistrolessPolicy } from '../../../lib';
import { Assurance, RuleSeverity } from '../../../lib';

/** What the platform demands of every image that runs on it. */
export const PLATFORM_POLICY: DistrolessPolicy = {
  severities: {
    WritableRoot: RuleSeverity.ERROR,
    // Each build is to have the newest security updates of its base.
    UnpinnedBase: RuleSeverity.OFF,
  },
};

/** What a team may demand beyond the platform: a policy without what could only loosen, exceptions and mirrors. */
export type TeamPolicy = Omit<DistrolessPolicy, 'exceptions' | 'mirrors'>;

/** Where a team's policy demands less than the platform's. */
export interface Loosening {
  readonly path: readonly string[];
  readonly message: string;
}

/** Every point in which a policy demands less than the platform's. */
export function loosenings(policy: DistrolessPolicy): Loosening[] {
  const { severities = {}, approvedBases = [], assurance, includeBuildImages } = policy;
  return [
    ...Object.entries(severities).flatMap(([rule, severity]) =>
      lower([RuleSeverity.OFF, RuleSeverity.WARNING, RuleSeverity.ERROR], severity, platformSeverity(rule), [
        'severities',
        rule,
      ]),
    ),
    ...lower([Assurance.DECLARED, Assurance.INSPECTED], assurance, PLATFORM_POLICY.assurance, ['assurance']),
    ...lower([false, true], includeBuildImages, PLATFORM_POLICY.includeBuildImages, ['includeBuildImages']),
    ...approvedBases.flatMap((base, index) => unapproved(base, ['approvedBases', String(index)])),
    ...(['exceptions', 'mirrors'] as const).flatMap((key) => reserved(policy, key)),
  ];
}

/**
 * The platform's policy with what a team demands beyond it.
 *
 * @throws Error when the team's policy demands less in any point
 */
export function tightened(policy: TeamPolicy): DistrolessPolicy {
  const found = loosenings(policy).map(({ path, message }) => `policy.${path.join('.')}: ${message}`);
  if (found.length > 0) throw new Error(found.join('\n'));
  return { ...PLATFORM_POLICY, ...policy, severities: { ...PLATFORM_POLICY.severities, ...policy.severities } };
}

/** Rules that the platform does not speak of are errors or warnings by themselves; a team may not take that for less. */
function platformSeverity(rule: string): RuleSeverity {
  return PLATFORM_POLICY.severities?.[rule] ?? RuleSeverity.ERROR;
}

function lower<T>(
  ascending: readonly T[],
  wanted: T | undefined,
  demanded: T | undefined,
  path: string[],
): Loosening[] {
  const least = demanded ?? ascending[0];
  if (wanted === undefined || ascending.indexOf(wanted) >= ascending.indexOf(least)) return [];
  return [{ path, message: `'${String(wanted)}' is looser than the platform's '${String(least)}'; leave it away` }];
}

function unapproved(base: string, path: string[]): Loosening[] {
  const approved = PLATFORM_POLICY.approvedBases ?? ['catalogue'];
  if (approved.includes(base)) return [];
  return [{ path, message: `'${base}' is not approved by the platform, which approves ${approved.join(', ')}` }];
}

function reserved(policy: DistrolessPolicy, key: 'exceptions' | 'mirrors'): Loosening[] {
  if (policy[key] === undefined) return [];
  return [{ path: [key], message: 'only the platform team grants these, in the policy of its package' }];
}
