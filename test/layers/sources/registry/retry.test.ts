import { RegistryError, TransientFailure } from '../../../../lib/layers/sources/registry/registry-error';
import { retryAfterMs, retrying } from '../../../../lib/layers/sources/registry/retry';

function schedule(waits: number[] = []) {
  return {
    attempts: 4,
    firstDelayMs: 100,
    longestDelayMs: 30_000,
    sleep: (milliseconds: number) => Promise.resolve(void waits.push(milliseconds)),
  };
}

/** An attempt that fails as often as there are failures, and then answers. */
function failing(...failures: Error[]): () => Promise<string> {
  return () => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve('answer');
  };
}

describe('retrying', () => {
  test('waits twice as long after each failure', async () => {
    const waits: number[] = [];
    const cut = () => new TransientFailure('cut');
    await expect(retrying(failing(cut(), cut(), cut()), schedule(waits))).resolves.toBe('answer');
    expect(waits).toEqual([100, 200, 400]);
  });

  test('waits as long as the registry asks', async () => {
    const waits: number[] = [];
    await retrying(failing(new TransientFailure('busy', 7000)), schedule(waits));
    expect(waits).toEqual([7000]);
  });

  test('fails at once when the registry asks for longer than anybody would wait', async () => {
    const busy = new TransientFailure('hub refuses', 3_600_000, 'rate-limited');
    await expect(retrying(failing(busy), schedule())).rejects.toMatchObject({
      code: 'rate-limited',
      message: 'hub refuses; it asks to be left alone for 3600 s',
    });
  });

  test('fails after the last attempt and says how many there were', async () => {
    const cuts = Array.from({ length: 4 }, () => new TransientFailure('cut'));
    await expect(retrying(failing(...cuts), schedule())).rejects.toMatchObject({
      code: 'unreachable',
      message: 'cut (4 attempts)',
    });
  });

  test('fails at once on what will not pass', async () => {
    const waits: number[] = [];
    await expect(retrying(failing(new RegistryError('not-found', 'gone')), schedule(waits))).rejects.toThrow('gone');
    expect(waits).toEqual([]);
  });

  test('counts anew after progress', async () => {
    let attempts = 0;
    const attempt = (progress: () => void) => {
      progress();
      return ++attempts < 20 ? Promise.reject(new TransientFailure('cut')) : Promise.resolve(attempts);
    };
    await expect(retrying(attempt, schedule())).resolves.toBe(20);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  test.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %j', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
