/**
 * Values that only a deployment knows, marked inside the text that they are part of.
 *
 * Two characters of the private-use area enclose the mark, so that a literal `${PORT}` of a command is not taken for one.
 */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const SEPARATOR = '\uE002';
const MARK = new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}`, 'g');

/** What CloudFormation fetches as it deploys: `{{resolve:ssm:name}}`. */
const DYNAMIC_REFERENCE = '{{resolve:';

/** Marks a value as known at deployment only. */
export function deferred(label: string, identity = ''): string {
  return `${OPEN}${label}${SEPARATOR}${identity}${CLOSE}`;
}

export function isDeferred(text: string): boolean {
  return text.includes(OPEN) || text.includes(DYNAMIC_REFERENCE);
}

/** Whether a text begins with what only a deployment knows, so that it cannot be said what kind of text it is. */
export function beginsDeferred(text: string): boolean {
  return text.startsWith(OPEN) || text.startsWith(DYNAMIC_REFERENCE);
}

/** The text as people know it: `${AWS::Region}` for a mark. */
export function readable(text: string): string {
  return text.replace(MARK, (_, body: string) => '${' + body.split(SEPARATOR)[0] + '}');
}

/** The text with other words for some of its marks, by label. */
export function replaceDeferred(text: string, words: (label: string) => string | undefined): string {
  return text.replace(MARK, (mark, body: string) => words(body.split(SEPARATOR)[0]) ?? mark);
}

/** What a text that is one single mark stands for. */
export function deferredIdentity(text: string): string | undefined {
  const match = new RegExp(`^${OPEN}[^${CLOSE}]*${SEPARATOR}([^${CLOSE}]+)${CLOSE}$`).exec(text);
  return match?.[1];
}

/** Turns the `${AWS::Region}` of an asset manifest into marks. */
export function markPlaceholders(text: string): string {
  return text.replace(/\$\{(AWS::[A-Za-z]+)\}/g, (_, name: string) => deferred(name));
}
