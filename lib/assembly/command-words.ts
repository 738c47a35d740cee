import { isWrapper } from '../policy/shell-need';
import { isDeferred, replaceDeferred } from './deferred';
import type { Json } from './json';

/** What a service fills in as it starts a container: `$.path`, `{% expression %}`, `Ref::parameter`, `<variable>`. */
const FILLED_IN = /^(?:\$\$?\.|\{%|Ref::|<[^<>]+>$)/;

/**
 * The words of a command; undefined when it is not known what it starts. Later words may be open, for a command is judged by what it
 * starts with.
 */
export function knownWords(value: Json): string[] | undefined {
  const words = (Array.isArray(value) ? value : [value]).map((word) => scalar(word) ?? JSON.stringify(word));
  return words.slice(0, decisive(words)).some(isOpen) ? undefined : words.map(shown);
}

/** How many words decide what is started: what follows a wrapper, too, and what follows the `CMD` of a health check. */
function decisive(words: readonly string[]): number {
  const at = words[0] === 'CMD' ? 1 : 0;
  return isWrapper(words[at] ?? '') ? words.length : at + 1;
}

function isOpen(word: string): boolean {
  return isDeferred(word) || FILLED_IN.test(word);
}

/** Not in the spelling of a variable, which only a shell would replace. */
function shown(word: string): string {
  return replaceDeferred(word, (label) => `<${label}>`);
}

/** A single value as text. */
export function scalar(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
