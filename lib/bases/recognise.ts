import type { BaseVerdict } from './base-verdict';
import { CATALOGUE } from './catalogue/catalogue';
import type { Family, RepositoryRule, Statement, TagRule } from './catalogue/family';
import { seeThroughMirrors, type Mirrors } from './mirrors';
import { formatReference, nameOf, tryParseReference, type ImageReference } from './reference';

/** What recognition may be told besides the reference. */
export interface RecogniseOptions {
  /** Which names stand for which: a registry or a path in one -> where it is mirrored. */
  readonly mirrors?: Mirrors;
}

type Judgement = Statement & Pick<BaseVerdict, 'debugVariant'>;

const SCRATCH: Omit<BaseVerdict, 'given'> = {
  kind: 'distroless',
  reference: 'scratch',
  family: 'scratch',
  reason: 'is the empty image',
  debugVariant: false,
  pinned: true,
  user: '0',
  entrypoint: [],
};

/** What can be said of an image from its reference alone. */
export function recognise(reference: string, options: RecogniseOptions = {}): BaseVerdict {
  const given = reference;
  if (reference === 'scratch') return { ...SCRATCH, given };
  const plain = reference.trim().replace(/^docker(-image)?:\/\//, '');
  const parsed = tryParseReference(seeThroughMirrors(plain, options.mirrors));
  if (!parsed) return notAReference(given);
  const common = { given, reference: formatReference(parsed), pinned: parsed.digest !== undefined };
  const found = findRule(nameOf(parsed));
  if (!found) return { ...common, kind: 'unknown', reason: 'is not in the catalogue', debugVariant: false };
  return { ...common, family: found.family.name, ...judge(parsed, found.rule) };
}

function notAReference(given: string): BaseVerdict {
  const reason = 'is not an image reference';
  return { kind: 'unknown', given, reference: given, reason, debugVariant: false, pinned: false };
}

function findRule(name: string): { family: Family; rule: RepositoryRule } | undefined {
  for (const family of CATALOGUE) {
    const rule = family.rules.find((candidate) => candidate.name.test(name));
    if (rule) return { family, rule };
  }
  return undefined;
}

function judge(reference: ImageReference, rule: RepositoryRule): Judgement {
  const details = rule.repositories?.[nameOf(reference).replace(/.*\//, '')];
  const general: Judgement = { ...statement(rule), ...defined(details), debugVariant: false };
  const tagRule = tagRuleFor(reference, rule);
  const claimed = withUser(reference, tagRule ? withTag(reference, general, tagRule) : general, rule);
  return reference.digest === undefined ? claimed : behindDigest(reference, claimed, rule);
}

function tagRuleFor({ tag }: ImageReference, rule: RepositoryRule): TagRule | undefined {
  if (tag === undefined) return undefined;
  const tokens = tag.toLowerCase().split('-');
  return rule.tags?.find(
    (candidate) => candidate.tokens?.some((token) => tokens.includes(token)) || candidate.pattern?.test(tag),
  );
}

function withTag(reference: ImageReference, general: Judgement, tagRule: TagRule): Judgement {
  return {
    ...general,
    replacement: general.kind === 'distroless' ? withoutMarker(reference, tagRule) : general.replacement,
    ...defined(statement(tagRule)),
    debugVariant: tagRule.debugVariant ?? false,
  };
}

/** `nonroot` in the tag of some families says who it runs as. */
function withUser({ tag }: ImageReference, general: Judgement, rule: RepositoryRule): Judgement {
  const token = tag?.split('-').find((word) => rule.users?.[word] !== undefined);
  return token === undefined ? general : { ...general, user: rule.users?.[token] };
}

/** The same image without the word that marks the variant; Google's plain tag is root, so nonroot stands in for it. */
function withoutMarker(reference: ImageReference, tagRule: TagRule): string {
  const marker = tagRule.tokens ?? [];
  const kept = (reference.tag ?? '').split('-').filter((token) => !marker.includes(token));
  const fallback = nameOf(reference).startsWith('gcr.io/distroless/') ? 'nonroot' : 'latest';
  const tag = kept.filter((token) => token !== '').join('-');
  return `${nameOf(reference)}:${tag === '' ? fallback : tag}`;
}

/**
 * A runtime that is given a digest ignores the tag: what the tag promises proves nothing then, and what it admits still counts.
 */
function behindDigest({ tag }: ImageReference, claimed: Judgement, rule: RepositoryRule): Judgement {
  const outcomes = new Set([rule.kind, ...(rule.tags ?? []).map((tagRule) => tagRule.kind)]);
  const user = rule.users || outcomes.size > 1 ? undefined : claimed.user;
  const admitsShell = tag !== undefined && claimed.kind !== 'distroless';
  if (outcomes.size === 1 || !outcomes.has('distroless') || admitsShell) return { ...claimed, user };
  const reason = 'is pinned by a digest, which hides whether it is a variant with a shell';
  return { ...claimed, user, kind: 'unproven', reason };
}

function statement(rule: Statement): Statement {
  const { kind, reason, user, entrypoint, replacement, endOfLife } = rule;
  return { kind, reason, user, entrypoint, replacement, endOfLife };
}

function defined<T extends object>(value: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}
