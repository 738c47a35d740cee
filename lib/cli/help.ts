import type { Command, Flag, Flags } from './command';
import type { Terminal } from './terminal';

/** Flags that every command takes. */
export const COMMON_FLAGS = {
  help: { type: 'boolean', short: 'h', description: 'show this help' },
  quiet: { type: 'boolean', short: 'q', description: 'print the answer only: no progress, no remarks' },
  debug: { type: 'boolean', description: 'show where in the program an error comes from' },
  version: { type: 'boolean', description: 'print the version' },
} as const satisfies Flags;

const EXIT_CODES = 'exit code: 0 everything holds, 1 something was found or could not be proved, 2 could not run';

/** The help for the program as a whole. */
export function programHelp(commands: readonly Command[], terminal: Terminal): string {
  const heading = (text: string) => terminal.style('bold', text);
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    'Containers without a shell: judges images, Dockerfiles and what CDK has synthesized.',
    '',
    `${heading('usage')}  cdk-distroless COMMAND [FLAGS] [OPERANDS]`,
    '',
    heading('commands'),
    ...commands.map(({ name, summary }) => `  ${terminal.style('cyan', name.padEnd(width))}${summary}`),
    '',
    heading('start here'),
    ...commands
      .flatMap(({ examples }) => examples.slice(0, 1))
      .map(({ line, does }) => exampleLine(line, does, terminal)),
    '',
    heading('flags of every command'),
    ...flagLines(COMMON_FLAGS),
    '',
    EXIT_CODES,
    'cdk-distroless COMMAND --help tells more.',
  ].join('\n');
}

/** The help for one command. */
export function commandHelp(command: Command, terminal: Terminal): string {
  const heading = (text: string) => terminal.style('bold', text);
  const flags = Object.keys(command.flags).length > 0 ? ' [FLAGS]' : '';
  return [
    `${heading('usage')}  cdk-distroless ${command.name}${flags}${command.operands === '' ? '' : ` ${command.operands}`}`,
    '',
    command.description,
    '',
    heading('examples'),
    ...command.examples.map(({ line, does }) => exampleLine(line, does, terminal)),
    '',
    heading('flags'),
    ...flagLines({ ...command.flags, ...COMMON_FLAGS }),
    '',
    EXIT_CODES,
  ].join('\n');
}

/** Examples leave the name of the program out, unless it stands in a pipe. */
function exampleLine(line: string, does: string, terminal: Terminal): string {
  return `  ${terminal.style('dim', `# ${does}`)}\n  ${line.includes('| cdk-distroless') ? line : `cdk-distroless ${line}`}`;
}

function flagLines(flags: Flags): string[] {
  const rows = Object.entries(flags).map(([name, flag]) => [flagUsage(name, flag), flag.description]);
  const width = Math.max(...rows.map(([usage]) => usage.length)) + 2;
  return rows.map(([usage, description]) => `  ${usage.padEnd(width)}${description}`);
}

function flagUsage(name: string, { short, value, multiple, choices }: Flag): string {
  const shortUsage = short === undefined ? '    ' : `-${short}, `;
  const valueUsage = value === undefined ? '' : ` ${choices?.join('|') ?? value}`;
  return `${shortUsage}--${name}${valueUsage}${multiple ? ' ...' : ''}`;
}
