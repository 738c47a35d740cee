import { baseStanding } from '../base-standing';
import type { Rule } from '../rule';

export const EXECUTE_COMMAND: Rule = {
  id: 'ExecuteCommand',
  failsWhen: 'ECS Exec is on for a service that has no shell to execute',
  defaultSeverity: 'warning',

  check(subject) {
    const { use, facts } = subject;
    const hasShell = facts.shells.length > 0 || ['has-shell', 'not-distroless'].includes(baseStanding(subject));
    const unresolved = use.settings.unresolved?.includes('executeCommand') ?? false;
    if (hasShell || !(use.settings.executeCommand || unresolved)) return [];
    return [
      {
        message: unresolved
          ? 'whether ECS Exec is on is known at deployment only, and the image has no shell to execute'
          : 'ECS Exec is on, and the image has no shell to execute; its agent runs as root and needs a writable root',
        trace: [],
        fix: 'set enableExecuteCommand to false; for debugging use DebugSidecar',
      },
    ];
  },
};
