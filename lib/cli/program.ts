import { printable } from '../report/printable';
import type { Command } from './command';
import { COMMAND_NAMES, loadCommands, tryLoadCommand } from './commands';
import { ExitCode } from './exit-code';
import { COMMON_FLAGS, commandHelp, programHelp } from './help';
import type { Session } from './session';
import { Terminal, type TextStream } from './terminal';
import { suggestion, UsageError } from './usage-error';
import { packageVersion } from './package-version';

/** The process that the program runs in. */
export interface Surroundings {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly today: string;
}

type CommonFlag = keyof typeof COMMON_FLAGS;

/**
 * Runs a command line and tells how it went. Never throws: whatever goes wrong is told in a line on stderr and is exit code 2.
 */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { common, rest } = takeCommonFlags(argv);
  const terminal = new Terminal({ ...surroundings, quiet: common.has('quiet') });
  try {
    return await dispatch(rest, common, { ...surroundings, terminal });
  } catch (error) {
    const lines = explain(error, common.has('debug')).split('\n').map(printable);
    terminal.fail(`cdk-distroless: ${lines.join('\n')}`);
    return ExitCode.FAILED;
  }
}

function dispatch(
  [name, ...rest]: readonly string[],
  common: ReadonlySet<CommonFlag>,
  session: Session,
): ExitCode | Promise<ExitCode> {
  const answer = (text: string) => {
    session.terminal.print(text);
    return ExitCode.COMPLIANT;
  };
  if (common.has('version')) return answer(packageVersion());
  if (name === undefined || name === 'help') {
    const topic = rest[0] === undefined ? undefined : findCommand(rest[0]);
    return answer(topic ? commandHelp(topic, session.terminal) : programHelp(loadCommands(), session.terminal));
  }
  const command = findCommand(name);
  return common.has('help') ? answer(commandHelp(command, session.terminal)) : command.run(rest, session);
}

function findCommand(name: string): Command {
  const command = tryLoadCommand(name);
  if (command) return command;
  throw new UsageError(
    `there is no command ${name}${suggestion(name, COMMAND_NAMES)}; cdk-distroless --help lists them`,
  );
}

/** Common flags may stand anywhere before `--`. */
function takeCommonFlags(argv: readonly string[]): { common: Set<CommonFlag>; rest: string[] } {
  const common = new Set<CommonFlag>();
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const rest = argv.filter((word, index) => {
    const flag = index < end ? commonFlag(word) : undefined;
    if (flag) common.add(flag);
    return flag === undefined;
  });
  return { common, rest };
}

function commonFlag(word: string): CommonFlag | undefined {
  const names = Object.keys(COMMON_FLAGS) as CommonFlag[];
  return names.find((name) => {
    const flag = COMMON_FLAGS[name];
    return word === `--${name}` || ('short' in flag && word === `-${flag.short}`);
  });
}

/** A mistake in the program is told as such, so that nobody looks for it in their image. */
function explain(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (debug) return error.stack ?? error.message;
  const isDefect = [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error.constructor === kind);
  return isDefect ? `a mistake in the program: ${error.message}; --debug shows where` : error.message;
}
