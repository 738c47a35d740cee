/**
 * Text as Go sees it. BuildKit is written in Go, and where JavaScript has another idea of blanks or of lower case, a Dockerfile
 * could be read in two ways: `trim` strips U+FEFF and leaves U+0085, Go does the opposite.
 */

const SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACE_CHARACTER = new RegExp(`[${SPACE}]`);
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);

/** Whether `unicode.IsSpace` holds for a character. */
export function isSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return SPACE_CHARACTER.test(character);
}

/** `strings.TrimLeftFunc(text, unicode.IsSpace)`. */
export function trimLeadingSpace(text: string): string {
  return text === '' || !isSpace(text[0]) ? text : text.replace(LEADING_SPACE, '');
}

/** `strings.TrimSpace`. Scans from the end by hand: a regular expression anchored at the end takes quadratic time on blanks. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end--;
  return trimLeadingSpace(end === text.length ? text : text.slice(0, end));
}

/** `strings.ToLower`: one character for one, so U+0130 becomes a plain `i`. */
export function toLower(text: string): string {
  return (text.includes('\u0130') ? text.replaceAll('\u0130', 'i') : text).toLowerCase();
}

/** The UTF-8 bytes of a text, one character each: for the places where BuildKit walks over bytes. */
export function toByteString(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The inverse of {@link toByteString}. */
export function fromByteString(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

const BOOLEANS = new Set('1 t T TRUE true True 0 f F FALSE false False'.split(' '));

/** Whether `strconv.ParseBool` takes a text. */
export function isBoolean(text: string): boolean {
  return BOOLEANS.has(text);
}

export function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}
