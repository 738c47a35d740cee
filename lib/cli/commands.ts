import type { Command } from './command';
import { completion } from './commands/completion';

/** The subcommands, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [completion];
