import type { Command } from './command';
import { bases } from './commands/bases';
import { completion } from './commands/completion';
import { explain } from './commands/explain';
import { inspect } from './commands/inspect';

/** The subcommands, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [inspect, bases, explain, completion];
