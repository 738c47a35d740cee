import { isLoopback } from './hosts';
import { RegistryError } from './registry-error';

/** An image in a registry, taken apart: what the registry API needs of a reference. */
export interface RegistryImage {
  /** Host and port as in references: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** The distribution specification's grammar of names; anything else could leave the API's paths. */
const REPOSITORY = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Whether a string is a digest that can be verified here. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/**
 * The base URL of an image's repository: `https://registry-1.docker.io/v2/library/alpine/`. Plain http is for loopback only.
 *
 * @throws RegistryError `malformed` when the registry or repository is not a name
 */
export function repositoryUrl({ registry, repository }: RegistryImage): URL {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`https://${host}/`)) {
    throw new RegistryError('malformed', `${JSON.stringify(registry)} is not a registry`);
  }
  if (!REPOSITORY.test(repository)) {
    throw new RegistryError('malformed', `${JSON.stringify(repository)} is not a repository name`);
  }
  const { hostname } = new URL(`https://${host}/`);
  return new URL(`${isLoopback(hostname) ? 'http' : 'https'}://${host}/v2/${repository}/`);
}

/**
 * What names the manifest: the digest when there is one, as every runtime has it, else the tag.
 *
 * @throws RegistryError `malformed` when it is neither
 */
export function manifestName({ tag, digest }: RegistryImage): string {
  const name = digest ?? tag ?? 'latest';
  if (digest === undefined ? TAG.test(name) : isDigest(name)) return name;
  throw new RegistryError('malformed', `${JSON.stringify(name)} is not a ${digest === undefined ? 'tag' : 'digest'}`);
}

/** The image as people write it. */
export function displayName({ registry, repository, tag, digest }: RegistryImage): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
