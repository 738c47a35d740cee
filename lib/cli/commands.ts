import type { Command } from './command';
import { bases } from './commands/bases';
import { check } from './commands/check';
import { completion } from './commands/completion';
import { explain } from './commands/explain';
import { inspect } from './commands/inspect';
import { lock } from './commands/lock';
import { verify } from './commands/verify';

/** The subcommands, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [check, verify, inspect, lock, bases, explain, completion];
