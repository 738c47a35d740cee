import { RefusedDockerfile } from './refusal';

const UNITS_IN_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
/** Go holds a duration in 64 bits of nanoseconds. */
const MAX_MS = 2 ** 63 / 1e6;

/**
 * Checks the duration of a health check as Go reads it (`1m30s`); '' and zero are allowed.
 *
 * @throws RefusedDockerfile for what is no duration, and for less than a millisecond
 */
export function checkDuration(text: string): void {
  if (text === '') return;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new RefusedDockerfile(`invalid duration ${JSON.stringify(text)}`);
  if (milliseconds !== 0 && milliseconds < 1) {
    throw new RefusedDockerfile(`a duration of ${text} is less than the minimum of 1ms`);
  }
}

function parseDuration(text: string): number | undefined {
  const [, sign, body] = /^([+-]?)(.*)$/s.exec(text) ?? ['', '', ''];
  if (body === '0') return 0;
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < body.length) {
    const part = PART.exec(body);
    if (part === null) return undefined;
    total += Number(part[1]) * UNITS_IN_MS[part[2]];
  }
  if (body === '' || total >= MAX_MS) return undefined;
  return sign === '-' ? -total : total;
}
