import { UsageError } from './usage-error';

/**
 * Reads `KEY=VALUE` flags. A key alone takes its value from the environment, as docker's `--build-arg` does; where it is not set there,
 * it is left out.
 */
export function parseAssignments(
  assignments: readonly string[],
  flag: string,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const key = equals < 0 ? assignment : assignment.slice(0, equals);
    if (key === '') throw new UsageError(`${flag} ${assignment} names nothing; write ${flag} KEY=VALUE`);
    const value = equals < 0 ? environment[key] : assignment.slice(equals + 1);
    if (value !== undefined) values[key] = value;
  }
  return values;
}
