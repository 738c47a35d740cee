import { RegistryError, TransientFailure } from './registry-error';

/** How patiently a failing registry is asked again. */
export interface RetrySchedule {
  /** Attempts without progress before giving up, the first one included. */
  readonly attempts: number;
  /** Wait after the first failure, in milliseconds; doubled after each further one. */
  readonly firstDelayMs: number;
  /** The longest wait that a registry may ask for, in milliseconds. */
  readonly longestDelayMs: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Five attempts over about four seconds; a `Retry-After` of up to half a minute is waited for. */
export const DEFAULT_SCHEDULE: RetrySchedule = {
  attempts: 5,
  firstDelayMs: 250,
  longestDelayMs: 30_000,
  sleep: (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
};

/**
 * Runs an attempt until it succeeds, fails for good, or has failed too often.
 *
 * @param attempt is told how to report progress: an attempt that got further starts the count anew, so that a large layer survives
 * any number of cuts as long as each try brings some of it
 */
export async function retrying<T>(attempt: (progress: () => void) => Promise<T>, schedule: RetrySchedule): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt(() => (failures = 0));
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      failures++;
      const delay = delayAfter(failures, error, schedule);
      if (failures >= schedule.attempts || delay > schedule.longestDelayMs) throw finalError(error, failures);
      await schedule.sleep(delay);
    }
  }
}

function delayAfter(failures: number, error: TransientFailure, schedule: RetrySchedule): number {
  return error.retryAfterMs ?? Math.min(schedule.firstDelayMs * 2 ** (failures - 1), schedule.longestDelayMs);
}

function finalError(error: TransientFailure, failures: number): RegistryError {
  const asked = error.retryAfterMs === undefined ? '' : `; it asks to be left alone for ${error.retryAfterMs / 1000} s`;
  const tries = failures === 1 ? '' : ` (${failures} attempts)`;
  return new RegistryError(error.code, `${error.message}${asked}${tries}`, { cause: error });
}

/** The value of a `Retry-After` header in milliseconds: seconds, or a date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
