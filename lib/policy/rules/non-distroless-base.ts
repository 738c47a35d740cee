import { baseStanding, isApproved } from '../base-standing';
import type { Rule, Subject, Violation } from '../rule';

const PROBLEMS = {
  'not-distroless': ({ reference, reason }: NamedBase) => `the base ${reference} ${reason}`,
  unknown: ({ reference, reason }: NamedBase) => `the base ${reference} is not known to be distroless: it ${reason}`,
  'not-approved': ({ reference }: NamedBase) => `the base ${reference} is not among the bases that the policy approves`,
};

interface NamedBase {
  readonly reference: string;
  readonly reason: string;
}

export const NON_DISTROLESS_BASE: Rule = {
  id: 'NonDistrolessBase',
  failsWhen: 'the base chain ends in an image that is not an approved distroless base',
  defaultSeverity: 'error',

  check(subject) {
    const standing = baseStanding(subject);
    const { base, proof } = subject.facts;
    if (!base || !(standing in PROBLEMS)) return [];
    // Of an image that is run as it is, nothing but its name is known: that is for Unproven to say.
    if (standing === 'unknown' && proof === 'reference' && !base.verdict?.replacement) return [];
    const describe = PROBLEMS[standing as keyof typeof PROBLEMS];
    const reason = base.verdict?.reason ?? 'is not in the catalogue';
    return [{ message: describe({ reference: shown(subject), reason }), trace: base.trace, fix: fix(subject) }];
  },
};

/** As it was written, so that people find it. */
function shown({ facts: { base } }: Subject): string {
  return base?.verdict?.given ?? base?.reference ?? '';
}

function fix({ facts, policy }: Subject): Violation['fix'] {
  const replacement = facts.base?.verdict?.replacement;
  if (replacement !== undefined && !isApproved({ facts, policy })) return `build on ${replacement}`;
  return "build on a DistrolessBase, or approve this base in the policy's approvedBases";
}
