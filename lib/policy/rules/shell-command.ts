import { baseStanding } from '../base-standing';
import { effectiveCommand, type CommandPart } from '../effective-command';
import type { Rule, Subject, Violation } from '../rule';
import { shellNeed } from '../shell-need';

const EXEC_FORM =
  'write the program and its arguments in exec form, such as ["dist/server.js"], and start it without a shell';

export const SHELL_COMMAND: Rule = {
  id: 'ShellCommand',
  failsWhen: 'entryPoint, command or health check need a shell',
  defaultSeverity: 'error',

  check(subject) {
    const { entrypoint, command } = effectiveCommand(subject.use, subject.facts);
    return [
      ...partViolations(subject, entrypoint, false),
      ...partViolations(subject, command, entrypoint !== undefined),
      ...healthCheckViolations(subject),
    ];
  },
};

function partViolations(subject: Subject, part: CommandPart | undefined, isArguments: boolean): readonly Violation[] {
  if (!part) return [];
  // A base that has a shell is reported itself; that its entrypoint is a script is the same cause.
  if (part.saidBy === 'base' && baseStanding(subject) !== 'accepted') return [];
  const { name, trace } = part;
  if (part.form === 'shell')
    return [{ message: `${name} is in shell form, which runs in a shell`, trace, fix: EXEC_FORM }];
  const need = shellNeed(part.argv, isArguments);
  return need === undefined
    ? []
    : [{ message: `${name} ${need}: ${JSON.stringify(part.argv)}`, trace, fix: EXEC_FORM }];
}

/** The health check of a Dockerfile is nobody's concern: ECS does not look at it. */
function healthCheckViolations({ use }: Subject): readonly Violation[] {
  const [form, ...argv] = use.settings.healthCheck ?? [];
  const fix =
    'use HealthProbe, or ["CMD", "/path/of/the/program", "argument"]; CDK turns a single element into CMD-SHELL';
  if (form === 'CMD-SHELL') {
    return [
      {
        message: `the health check is a CMD-SHELL, which runs in a shell: ${JSON.stringify(argv.join(' '))}`,
        trace: [],
        fix,
      },
    ];
  }
  const need = form === 'CMD' ? shellNeed(argv) : undefined;
  return need === undefined ? [] : [{ message: `the health check ${need}: ${JSON.stringify(argv)}`, trace: [], fix }];
}
