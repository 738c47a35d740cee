import { formatReference, tryParseReference } from './reference';

/**
 * Which names stand for which: a registry or a path in one -> where it is mirrored.
 *
 * `{ 'gcr.io/distroless': '123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless' }`
 */
export type Mirrors = Readonly<Record<string, string>>;

/** The reference that a mirrored one stands for; the reference as it is when no mirror was declared for it. */
export function seeThroughMirrors(reference: string, mirrors: Mirrors = {}): string {
  const pairs = Object.entries(mirrors).map(([upstream, mirror]) => [mirror, upstream] as const);
  return replaceLongestPrefix(reference, pairs) ?? reference;
}

/** Where to pull a reference from when mirrors are declared; the reference as it is when none is declared for it. */
export function pullThroughMirrors(reference: string, mirrors: Mirrors = {}): string {
  const pairs = Object.entries(mirrors);
  const parsed = tryParseReference(reference);
  const full = parsed && replaceLongestPrefix(formatReference(parsed), pairs);
  return full ?? replaceLongestPrefix(reference, pairs) ?? reference;
}

function replaceLongestPrefix(reference: string, pairs: ReadonlyArray<readonly [string, string]>): string | undefined {
  const [from, to] = pairs
    .map(([prefix, replacement]) => [withoutTrailingSlash(prefix), withoutTrailingSlash(replacement)])
    .filter(([prefix]) => startsWithPath(reference, prefix))
    .reduce((longest, pair) => (pair[0].length > longest[0].length ? pair : longest), ['', '']);
  return from === '' ? undefined : to + reference.slice(from.length);
}

/** A prefix ends where a name ends: `gcr.io/distroless` is no prefix of `gcr.io/distroless-evil/static`. */
function startsWithPath(reference: string, prefix: string): boolean {
  if (prefix === '' || !reference.startsWith(prefix)) return false;
  const next = reference[prefix.length];
  return next === undefined || next === '/' || (/[:@]/.test(next) && prefix.includes('/'));
}

function withoutTrailingSlash(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}
