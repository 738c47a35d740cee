/* eslint-disable @typescript-eslint/no-require-imports -- a command is loaded when it is asked for: none needs what all of them need together */
import type { Command } from './command';
import type * as basesFile from './commands/bases';
import type * as checkFile from './commands/check';
import type * as completionFile from './commands/completion';
import type * as explainFile from './commands/explain';
import type * as inspectFile from './commands/inspect';
import type * as lockFile from './commands/lock';
import type * as verifyFile from './commands/verify';

/** The subcommands by their names, in the order in which people meet them. */
const LOADERS = new Map<string, () => Command>([
  ['check', () => (require('./commands/check') as typeof checkFile).check],
  ['verify', () => (require('./commands/verify') as typeof verifyFile).verify],
  ['inspect', () => (require('./commands/inspect') as typeof inspectFile).inspect],
  ['lock', () => (require('./commands/lock') as typeof lockFile).lock],
  ['bases', () => (require('./commands/bases') as typeof basesFile).bases],
  ['explain', () => (require('./commands/explain') as typeof explainFile).explain],
  ['completion', () => (require('./commands/completion') as typeof completionFile).completion],
]);

/** The names of all subcommands. */
export const COMMAND_NAMES: readonly string[] = [...LOADERS.keys()];

/** The subcommand of a name; undefined when there is none. */
export function tryLoadCommand(name: string): Command | undefined {
  return LOADERS.get(name)?.();
}

/** All subcommands, for what tells of them all. */
export function loadCommands(): readonly Command[] {
  return [...LOADERS.values()].map((load) => load());
}
