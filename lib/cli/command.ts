import { parseArgs } from 'node:util';
import type { ExitCode } from './exit-code';
import type { Session } from './session';
import { suggestion, UsageError } from './usage-error';

/** A flag of a command: how it is read, helped with and completed. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Whether it may be given more than once. */
  readonly multiple?: boolean;
  /** What stands for its value in the help: `FORMAT`. */
  readonly value?: string;
  readonly description: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
}

export type Flags = Readonly<Record<string, Flag>>;

/** What a flag's value is in the program. */
type FlagValue<F extends Flag> = F extends { multiple: true }
  ? readonly string[]
  : F extends { type: 'boolean' }
    ? boolean
    : string | undefined;

export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };

/** An example in the help: the command line without the program's name, and what it does. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A subcommand, as its file writes it. */
export interface CommandDefinition<F extends Flags> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows the name: `IMAGE|TAR|DIR|Dockerfile`. */
  readonly operands: string;
  /** What it does, for its help. */
  readonly description: string;
  readonly flags: F;
  readonly examples: readonly Example[];
  /** The words that its first operand can be, for completion. */
  readonly words?: () => readonly string[];
  readonly run: (operands: readonly string[], flags: FlagValues<F>, session: Session) => ExitCode | Promise<ExitCode>;
}

/** A subcommand, as the program runs it. */
export interface Command extends Omit<CommandDefinition<Flags>, 'run'> {
  run(argv: readonly string[], session: Session): ExitCode | Promise<ExitCode>;
}

/** Binds a definition to the parsing of its own flags. */
export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  return {
    ...definition,
    run: (argv, session) => {
      const { operands, values } = parseCommandLine(argv, definition.flags);
      return definition.run(operands, values as FlagValues<F>, session);
    },
  };
}

/** The only operand of a command line, or none. */
export function singleOperand(operands: readonly string[], what: string): string | undefined {
  if (operands.length > 1) throw new UsageError(`one ${what} at a time; ${operands.slice(1).join(' ')} is too much`);
  return operands[0];
}

function parseCommandLine(argv: readonly string[], flags: Flags): { operands: string[]; values: object } {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, multiple = false }]) => [
      name,
      { type, multiple, ...(short && { short }) },
    ]),
  );
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') assertKnown(token.rawName, token.name, token.value, flags);
  }
  return { operands: positionals, values: { ...defaults(flags), ...values } };
}

function defaults(flags: Flags): object {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      flag.multiple ? [] : flag.type === 'boolean' ? false : undefined,
    ]),
  );
}

function assertKnown(rawName: string, name: string, value: string | undefined, flags: Flags): void {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (!flag) {
    throw new UsageError(
      `there is no ${rawName}${suggestion(
        rawName,
        Object.keys(flags).map((known) => `--${known}`),
      )}`,
    );
  }
  if (flag.type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value`);
  if (flag.type === 'string' && value === undefined) throw new UsageError(`${rawName} needs a value: ${flag.value}`);
  if (flag.choices && value !== undefined && !flag.choices.includes(value)) {
    throw new UsageError(
      `${rawName} is one of ${flag.choices.join(', ')}, not ${value}${suggestion(value, flag.choices)}`,
    );
  }
}
