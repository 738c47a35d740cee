import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where facts are kept between runs: `CDK_DISTROLESS_CACHE`, else the cache directory of the user as the platform has it. In a pipeline
 * this is the folder to keep; nothing in it is needed for a right answer.
 */
export function cacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const { CDK_DISTROLESS_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (CDK_DISTROLESS_CACHE) return CDK_DISTROLESS_CACHE;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'cdk-distroless');
  if (LOCALAPPDATA) return join(LOCALAPPDATA, 'cdk-distroless', 'cache');
  return join(environment.HOME ?? homedir(), '.cache', 'cdk-distroless');
}
