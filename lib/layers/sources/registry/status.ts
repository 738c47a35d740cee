import { TransientFailure } from './registry-error';
import { retryAfterMs } from './retry';
import type { HttpResponse } from './transport';

/** The failure that a status stands for when trying again may help; the body of the answer is then let go. */
export function transientStatus(response: HttpResponse): TransientFailure | undefined {
  const { status, headers, url } = response;
  if (status !== 408 && status !== 429 && status < 500) return undefined;
  response.body.resume();
  const wait = retryAfterMs(headers['retry-after'], Date.now());
  if (status !== 429) return new TransientFailure(`${url.host} answered ${status}`, wait);
  const allowance = headers['ratelimit-limit'];
  const limit = allowance === undefined ? '' : ` (its limit is ${String(allowance).split(';')[0]} pulls)`;
  return new TransientFailure(
    `${url.host} refuses further requests for now${limit}; a login often raises the limit`,
    wait,
    'rate-limited',
  );
}
