/**
 * Image references: parsed and brought to one spelling, as the registries and Docker read them.
 *
 * The grammar is that of https://github.com/distribution/reference; `normalise` adds what makes two names of one image equal.
 */

/** An image reference, taken apart and in its full spelling. */
export interface ImageReference {
  /** Host, with the port if there is one: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Path in the registry: `library/alpine`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
}

const HOST_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const REGISTRY = new RegExp(`^(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$|^sha512:[a-f0-9]{128}$/;
const MAX_NAME_LENGTH = 255;

/** Transports that tools write in front of a reference. */
const TRANSPORT = /^(?:docker:\/\/|docker-image:\/\/)/;

const DOCKER_HUB_HOSTS = ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];

/** Public mirrors that serve Docker Hub under another name: [prefix of the name, what it stands for]. */
const DOCKER_HUB_MIRRORS: ReadonlyArray<readonly [string, string]> = [
  ['public.ecr.aws/docker/library/', 'docker.io/library/'],
  ['mirror.gcr.io/', 'docker.io/'],
];

/** Whether a text is a digest of the kind that a reference can carry. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/**
 * Parses a reference and completes it: `alpine` is `docker.io/library/alpine:latest`.
 *
 * Undefined when the text is no image reference. A reference with a digest gets no default tag.
 */
export function tryParseReference(text: string): ImageReference | undefined {
  const location = tryParseLocation(text);
  return location && { ...location, ...canonicalName(location.registry, location.repository) };
}

/**
 * Where a reference is pulled from. Like {@link tryParseReference}, but a public mirror of Docker Hub stays the mirror that was named: the
 * images are the same, the place, the login and the limits are not.
 */
export function tryParseLocation(text: string): ImageReference | undefined {
  const { name, tag, digest } = split(text.trim().replace(TRANSPORT, ''));
  if ((tag !== undefined && !TAG.test(tag)) || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const { registry, repository } = splitRegistry(name);
  if (!REGISTRY.test(registry) || !REPOSITORY.test(repository)) return undefined;
  if (registry.length + 1 + repository.length > MAX_NAME_LENGTH) return undefined;
  return { ...hostName(registry, repository), tag: tag ?? (digest ? undefined : 'latest'), digest };
}

/** The full name without tag and digest: `docker.io/library/alpine`. */
export function nameOf(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}`;
}

/** The full spelling: `docker.io/library/alpine:3.22@sha256:...`. */
export function formatReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${nameOf(reference)}${tag}${digest}`;
}

/** The full spelling of a reference, or the text as it stands when it is none. */
export function normaliseReference(text: string): string {
  if (text === 'scratch') return text;
  const reference = tryParseReference(text);
  return reference ? formatReference(reference) : text;
}

/** The digest comes last, the tag before it; a colon before the last slash belongs to the registry's port. */
function split(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf('@');
  const tagged = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = tagged.lastIndexOf(':');
  if (colon <= tagged.lastIndexOf('/')) return { name: tagged, digest };
  return { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}

/** Docker's rule: the first part is a host when it looks like one, that is has a dot, a colon or a capital, or is localhost. */
function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  return isHost ? { registry: first, repository: name.slice(slash + 1) } : { registry: 'docker.io', repository: name };
}

/** One spelling for each host, and Docker Hub's own repositories in full. */
function hostName(registry: string, repository: string): { registry: string; repository: string } {
  // A lone word is a host by its capitals alone: without them it would be a path on Docker Hub.
  const host = /[.:]/.test(registry) ? registry.toLowerCase() : registry;
  if (!DOCKER_HUB_HOSTS.includes(host)) return { registry: host, repository };
  return { registry: 'docker.io', repository: repository.includes('/') ? repository : `library/${repository}` };
}

function canonicalName(registry: string, repository: string): { registry: string; repository: string } {
  const name = `${registry}/${repository}`;
  const mirror = DOCKER_HUB_MIRRORS.find(([prefix]) => name.startsWith(prefix));
  return mirror ? splitRegistry(mirror[1] + name.slice(mirror[0].length)) : { registry, repository };
}
