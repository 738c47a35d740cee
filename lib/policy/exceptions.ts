import type { PolicyException } from './distroless-policy';
import type { ImageFacts } from './image-facts';
import type { ImageUse } from './image-use';
import { fits, fitsReference } from './pattern';
import type { Policy } from './policy';
import type { RuleId } from './rule-ids';

/** Reported whatever is excepted: an exception cannot prolong itself. */
const NEVER_EXCEPTED: RuleId = 'ExpiredException';

/** Whether an exception of the policy lets a rule be broken by an image use today. */
export function isExcepted(rule: string, use: ImageUse, facts: ImageFacts, policy: Policy, today: string): boolean {
  if (rule === NEVER_EXCEPTED) return false;
  return policy.exceptions.some(
    (exception) =>
      (exception.rules === undefined || exception.rules.includes(rule)) &&
      !isExpired(exception, today) &&
      covers(exception, use, facts),
  );
}

/** An exception holds through its last day. */
export function isExpired(exception: PolicyException, today: string): boolean {
  return today > exception.expires;
}

/** Whether an exception is meant for an image use. */
export function covers({ patterns }: PolicyException, use: ImageUse, facts: ImageFacts): boolean {
  const references = [facts.base?.reference, facts.base?.verdict?.given, originReference(use)].filter(isText);
  const places = [facts.subject, use.constructPath, `${use.stack}/${use.container}`, displayPath(use)].filter(isText);
  return patterns.some(
    (pattern) =>
      places.some((place) => fits(pattern, place)) || references.some((reference) => fitsReference(pattern, reference)),
  );
}

function originReference({ origin }: ImageUse): string | undefined {
  return origin.kind === 'reference' ? origin.reference : undefined;
}

function displayPath({ origin }: ImageUse): string | undefined {
  return origin.kind === 'dockerfile' ? origin.displayPath : undefined;
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}
