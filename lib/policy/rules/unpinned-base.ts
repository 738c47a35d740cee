import { baseStanding } from '../base-standing';
import type { Rule } from '../rule';

export const UNPINNED_BASE: Rule = {
  id: 'UnpinnedBase',
  failsWhen: 'the base is not pinned by a digest',
  defaultSeverity: 'warning',

  check(subject) {
    const { base, proof } = subject.facts;
    if (!base || base.verdict?.pinned || base.reference === 'scratch' || /@\w+:/.test(base.reference)) return [];
    // Nobody should pin what has to be replaced.
    if (!['accepted', 'unproven'].includes(baseStanding(subject))) return [];
    const isRunAsIs = proof === 'reference' || subject.use.origin.kind === 'reference';
    const given = base.verdict?.given ?? base.reference;
    return [
      {
        message: `${isRunAsIs ? 'the image' : 'the base'} ${given} is not pinned by a digest: it can change from one day to the next`,
        trace: base.trace,
        fix: 'pin it: cdk-distroless lock, or DistrolessBase.pinnedTo(digest)',
      },
    ];
  },
};
