import type { Terminal } from './terminal';

/** What a command may know of the world around it. */
export interface Session {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly directory: string;
  /** ISO date: `2026-11-23`. */
  readonly today: string;
}
