import { baseStanding } from '../base-standing';
import type { Rule, Subject, Violation } from '../rule';
import { toolViolations } from '../tool-findings';

export const SHELL: Rule = {
  id: 'Shell',
  failsWhen: 'a shell is in the image, or provably reaches it',
  defaultSeverity: 'error',

  check(subject) {
    return [...shellOfBase(subject), ...toolViolations(subject, subject.facts.shells)];
  },
};

function shellOfBase(subject: Subject): readonly Violation[] {
  const { base } = subject.facts;
  if (!base || baseStanding(subject) !== 'has-shell') return [];
  const { given = base.reference, reason = 'has a shell', replacement } = base.verdict ?? {};
  const instead = replacement ?? 'a DistrolessBase';
  return [{ message: `the base ${given} ${reason}`, trace: base.trace, fix: `build on ${instead}` }];
}
