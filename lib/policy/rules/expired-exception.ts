import { covers, isExpired } from '../exceptions';
import type { Rule } from '../rule';

export const EXPIRED_EXCEPTION: Rule = {
  id: 'ExpiredException',
  failsWhen: 'an exception in the policy is past its date',
  defaultSeverity: 'error',

  check({ use, facts, policy, today }) {
    return policy.exceptions
      .filter((exception) => isExpired(exception, today) && covers(exception, use, facts))
      .map(({ patterns, reason, expires }) => ({
        message: `the exception for ${patterns.join(', ')} held until ${expires} (reason: ${reason})`,
        trace: [],
        fix: 'mend what it excepted and remove it, or give it a new date and say why',
      }));
  },
};
