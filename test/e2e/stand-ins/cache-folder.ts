import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Root of everything that the harness keeps between runs. Deleting it costs minutes, never correctness. */
export function cacheRoot(): string {
  const userCache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.DISTROLESS_E2E_CACHE ?? join(userCache, 'cdk-distroless-e2e');
}

/** A folder of the cache, made when it is not there. */
export function cacheFolder(...names: string[]): string {
  const folder = join(cacheRoot(), ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
