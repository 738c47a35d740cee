import { nameOf, normaliseReference, tryParseReference } from '../bases/reference';

/** Compiles a pattern: `*` stands for any characters but a slash, `**` for any characters. */
function compile(pattern: string): RegExp {
  const source = pattern
    .split(/(\*+)/)
    .map((part) => (part === '*' ? '[^/]*' : /^\*/.test(part) ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 's');
}

/** Whether a text fits a pattern. */
export function fits(pattern: string, text: string): boolean {
  return compile(pattern).test(text);
}

/** Whether a reference, however it is spelt, fits a pattern; a pattern without a tag covers all tags. */
export function fitsReference(pattern: string, reference: string): boolean {
  const parsed = tryParseReference(reference);
  const spellings = [reference, normaliseReference(reference), parsed ? nameOf(parsed) : reference];
  const withoutDigest = spellings.map((spelling) => spelling.replace(/@.*$/, ''));
  return [pattern, onDockerHub(pattern)].some((expression) => {
    const compiled = compile(expression);
    return [...spellings, ...withoutDigest].some((spelling) => compiled.test(spelling));
  });
}

/** `node:*` means the official image of Docker Hub, as everywhere. */
function onDockerHub(pattern: string): string {
  const [first, ...rest] = pattern.split('/');
  if (rest.length === 0) return first.includes('**') ? pattern : `docker.io/library/${pattern}`;
  return /[.:*]/.test(first) || first === 'localhost' ? pattern : `docker.io/${pattern}`;
}
