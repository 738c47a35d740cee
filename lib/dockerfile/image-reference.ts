/**
 * Image references exactly as the Docker frontend normalises them, and nothing beyond: no mirrors, no transports, no trimming.
 *
 * What this refuses BuildKit refuses (https://github.com/distribution/reference). `lib/bases` has the reading for people.
 */

const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const NAME = `${DOMAIN}/${COMPONENT}(?:/${COMPONENT})*`;
const REFERENCE = new RegExp(`^(${NAME})(?::([\\w][\\w.-]{0,127}))?(?:@(\\S+))?$`);
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const MAX_NAME_LENGTH = 255;
/** Name, tag and the longest digest are shorter together. */
const MAX_LENGTH = 1024;

/** An image reference in full: host, path, tag, digest. */
export interface NormalReference {
  /** `docker.io/library/alpine` */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Parses and completes a reference; a text that is none gives the reason. */
export function parseReference(text: string): NormalReference | { readonly invalid: string } {
  if (text.length > MAX_LENGTH) return { invalid: 'invalid reference format' };
  if (/^[a-f0-9]{64}$/.test(text)) return { invalid: 'cannot specify 64-byte hexadecimal strings' };
  const { domain, remainder } = splitDomain(text);
  const path = remainder.split(':', 1)[0];
  if (path !== path.toLowerCase()) return { invalid: `repository name (${path}) must be lowercase` };
  const match = REFERENCE.exec(`${domain}/${remainder}`);
  if (match === null || match[1].length > MAX_NAME_LENGTH) return { invalid: 'invalid reference format' };
  const [, name, tag, digest] = match;
  if (digest !== undefined && !DIGEST.test(digest)) return { invalid: 'invalid digest' };
  return { name, tag, digest };
}

function splitDomain(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const domain = isDomain && first !== 'index.docker.io' ? first : 'docker.io';
  const remainder = isDomain ? text.slice(slash + 1) : text;
  return { domain, remainder: domain === 'docker.io' && !remainder.includes('/') ? `library/${remainder}` : remainder };
}

/** The full spelling; without tag and digest it gets the tag `latest`. */
export function fullReference({ name, tag, digest }: NormalReference): string {
  const shownTag = tag ?? (digest === undefined ? 'latest' : undefined);
  return name + (shownTag === undefined ? '' : `:${shownTag}`) + (digest === undefined ? '' : `@${digest}`);
}

/** The short spelling that people use, without `:latest`: the name of a build context. */
export function familiarName({ name, tag, digest }: NormalReference): string {
  const path = name.startsWith('docker.io/') ? name.slice('docker.io/'.length) : name;
  // `library/` goes only where what is left is one word: `library/a/b` is another image than `a/b`.
  const short = path !== name && /^library\/[^/]+$/.test(path) ? path.slice('library/'.length) : path;
  const text = short + (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
  return text.replace(/:latest$/, '');
}
