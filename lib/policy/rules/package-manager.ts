import type { Rule } from '../rule';
import { toolViolations } from '../tool-findings';

export const PACKAGE_MANAGER: Rule = {
  id: 'PackageManager',
  failsWhen: 'a package manager is in the image (a package database is not one)',
  defaultSeverity: 'error',

  check(subject) {
    return toolViolations(subject, subject.facts.packageManagers).map((violation) => ({
      ...violation,
      fix: `${violation.fix.split(';')[0]}; install packages in a builder stage and copy what they produce`,
    }));
  },
};
