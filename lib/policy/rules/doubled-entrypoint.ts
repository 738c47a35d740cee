import { effectiveCommand } from '../effective-command';
import type { Rule } from '../rule';

export const DOUBLED_ENTRYPOINT: Rule = {
  id: 'DoubledEntrypoint',
  failsWhen: 'the command starts with the program that the entrypoint of the image is already',
  defaultSeverity: 'error',

  check({ use, facts }) {
    const { entrypoint, command } = effectiveCommand(use, facts);
    if (!entrypoint || !command || command.form === 'shell' || entrypoint.form === 'shell') return [];
    const [program] = entrypoint.argv;
    if (runtimeName(program) === '' || runtimeName(program) !== runtimeName(command.argv[0])) return [];
    const doubled = [...entrypoint.argv, ...command.argv].join(' ');
    const rest = JSON.stringify(withoutProgram(entrypoint.argv, command.argv));
    return [
      {
        message: `the entrypoint is ${program} already, so that this command runs ${doubled}`,
        trace: command.trace,
        fix: `drop what the entrypoint says already: ${rest}`,
      },
    ];
  },
};

/** `/usr/bin/python3.13` and `python` are the same program to people. */
function runtimeName(program: string): string {
  return program
    .replace(/.*\//, '')
    .replace(/(\.exe)?$/, '')
    .replace(/js$/, '')
    .replace(/[\d.]+$/, '');
}

/** `["java", "-jar", "app.jar"]` after `java -jar` leaves `["app.jar"]`. */
function withoutProgram(entrypoint: readonly string[], command: readonly string[]): readonly string[] {
  const [, ...options] = entrypoint;
  const rest = command.slice(1);
  const repeated = options.length > 0 && options.every((option, index) => rest[index] === option);
  return repeated ? rest.slice(options.length) : rest;
}
