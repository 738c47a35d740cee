import { baseStanding } from '../base-standing';
import type { Rule } from '../rule';

export const DEBUG_VARIANT: Rule = {
  id: 'DebugVariant',
  failsWhen: 'the base is a debug, -dev or builder variant of a distroless image',
  defaultSeverity: 'error',

  check(subject) {
    const { base } = subject.facts;
    if (!base?.verdict || baseStanding(subject) !== 'debug-variant') return [];
    const { given, reason, replacement } = base.verdict;
    const instead = replacement === undefined ? 'take the variant without a shell' : `build on ${replacement}`;
    return [
      { message: `the base ${given} ${reason}`, trace: base.trace, fix: `${instead}; for debugging use DebugSidecar` },
    ];
  },
};
