import type { Command } from './command';
import { bases } from './commands/bases';
import { completion } from './commands/completion';

/** The subcommands, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [bases, completion];
