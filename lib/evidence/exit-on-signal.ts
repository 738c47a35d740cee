import { constants } from 'node:os';

/**
 * Lets the process end properly when it is told to: temporary files are removed, and tools that it has started end with it. Without this
 * a signal ends it where it stands. A second signal does.
 */
export function exitOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
