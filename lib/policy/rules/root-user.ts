import type { Rule } from '../rule';
import { isRoot, runsAs } from '../user';

export const ROOT_USER: Rule = {
  id: 'RootUser',
  failsWhen: 'the container runs as uid 0',
  defaultSeverity: 'error',

  check({ use, facts }) {
    if (use.settings.unresolved?.includes('user')) return [];
    const user = runsAs(use, facts);
    if (!user || !isRoot(user.value)) return [];
    const fix =
      "set user in the template ('65532:65532'), or USER 65532 in the Dockerfile, or build on a :nonroot base";
    return [{ message: message(user.value, use.settings.user !== undefined, user.inherited), trace: user.trace, fix }];
  },
};

function message(user: string, inTemplate: boolean, inherited = false): string {
  if (inTemplate) return `the template runs the container as root (user ${JSON.stringify(user)})`;
  if (inherited)
    return 'the container runs as root: the base does, and neither the Dockerfile nor the template says otherwise';
  return user === '' ? 'the container runs as root: nobody says otherwise' : `the image runs as root (USER ${user})`;
}
