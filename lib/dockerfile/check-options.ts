import type { BuildRequest } from './analysis';
import { requestedChecks } from './directives';
import { isBoolean, trimSpace } from './go-text';
import { RefusedDockerfile } from './refusal';

const NAMES = new Set(['error', 'experimental', 'skip']);

/**
 * Refuses options for BuildKit's own checks, of `# check=` or of the build argument that beats it, that BuildKit does not take.
 *
 * The checks themselves are not done, not even with `error=true`: they can make a build fail, and never change what it builds. What
 * the analysis says is true of every image that comes out.
 */
export function requireCheckOptions({ text, buildArgs }: BuildRequest): void {
  const options = trimSpace(buildArgs?.BUILDKIT_DOCKERFILE_CHECK || requestedChecks(text) || '');
  if (options === '') return;
  for (const option of splitOnce(options, ';')) requireOption(option);
}

function requireOption(option: string): void {
  const [name, value] = splitOnce(option, '=');
  const known = value !== undefined && NAMES.has(trimSpace(name));
  if (!known || (trimSpace(name) === 'error' && !isBoolean(trimSpace(value)))) {
    throw new RefusedDockerfile(`invalid check option ${JSON.stringify(option)}`);
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
