import { RefusedDockerfile } from './refusal';

const QUERY_KEYS = new Set(['ref', 'tag', 'branch', 'subdir', 'checksum', 'commit', 'keep-git-dir', 'submodules']);

/**
 * Whether a source of ADD is a Git repository: ssh, git, scp style, or http with a path that ends in `.git`.
 *
 * @throws RefusedDockerfile for a repository whose query BuildKit does not take
 */
export function isGitSource(source: string): boolean {
  if (!source.includes(':') || /^\.\.?\//.test(source) || source.startsWith('github.com/')) return false;
  if (/^[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:/.test(source) && !source.includes('://')) return true;
  const [, scheme, rest] = /^([a-zA-Z0-9]+):\/\/(.*)$/s.exec(source) ?? [];
  if (scheme === undefined) return false;
  const [address, query] = rest.split('#', 1)[0].split(/\?(.*)/s);
  const isGit = /^(?:git|ssh)$/i.test(scheme) || (/^https?$/i.test(scheme) && /\/.*\.git$/s.test(address));
  if (isGit && query !== undefined) checkQuery(query);
  return isGit;
}

function checkQuery(query: string): void {
  for (const [key, value] of new URLSearchParams(query)) {
    if (!QUERY_KEYS.has(key)) throw new RefusedDockerfile(`unexpected query ${JSON.stringify(key)}`);
    const isSwitch = key === 'submodules' || key === 'keep-git-dir';
    if (value === '' && !isSwitch) throw new RefusedDockerfile(`query ${JSON.stringify(key)} has no value`);
  }
}

/** Whether a source of ADD is fetched over HTTP and is no Git repository. */
export function isHttpSource(source: string): boolean {
  return /^https?:\/\//.test(source) && !isGitSource(source);
}
