import type { Rule } from '../rule';

export const END_OF_LIFE_BASE: Rule = {
  id: 'EndOfLifeBase',
  failsWhen: 'the base gets no more security updates',
  defaultSeverity: 'error',

  check({ facts: { base }, today }) {
    const verdict = base?.verdict;
    if (!base || !verdict?.endOfLife || today <= verdict.endOfLife) return [];
    return [
      {
        message: `the base ${verdict.given} has had no security updates since ${verdict.endOfLife}`,
        trace: base.trace,
        fix: `build on ${verdict.replacement ?? 'a DistrolessBase that is maintained'}`,
      },
    ];
  },
};
