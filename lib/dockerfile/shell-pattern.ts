import { RefusedDockerfile } from './refusal';

/** One element of a pattern: a character, any character, or any run of characters. Neither wildcard crosses a line. */
type Element = { readonly literal: string } | 'any' | 'run';

/** Comparisons that one substitution may take, so that a hostile pattern is refused instead of running for minutes. */
const MAX_STEPS = 20_000_000;

/**
 * The patterns of `${name#pattern}` and its kin: `*`, `?` and escapes, without brackets.
 *
 * BuildKit turns them into regular expressions that run in linear time; JavaScript's would backtrack.
 */
export class ShellPattern {
  private readonly chunks: readonly (readonly Element[])[];
  private steps = 0;

  public constructor(
    private readonly elements: readonly Element[],
    private readonly source: string,
  ) {
    this.chunks = splitAtRuns(elements);
  }

  public static parse(source: string): ShellPattern {
    const elements: Element[] = [];
    const characters = [...source.replace(/^\ufeff/, '')];
    for (let i = 0; i < characters.length; i++) {
      const character = characters[i];
      if (character === '*') elements.push('run');
      else if (character === '?') elements.push('any');
      else if (character === '\\') {
        // `}` and `/` are escaped for the sake of the substitution around the pattern; in the pattern they mean themselves.
        const next = characters[++i];
        if (next === undefined || !'*?\\}/'.includes(next)) throw invalidEscape(source, next);
        elements.push({ literal: next });
      } else elements.push({ literal: character });
    }
    return new ShellPattern(elements, source);
  }

  /** `${name#pattern}`: without the shortest (or longest) beginning that the pattern matches. */
  public trimPrefix(value: string, longest: boolean): string {
    const characters = [...value];
    const end = this.matchAt(characters, 0, longest);
    return end === undefined ? value : characters.slice(end).join('');
  }

  /** `${name%pattern}`: without the shortest (or longest) end. Pattern and value are read backwards, as BuildKit does. */
  public trimSuffix(value: string, longest: boolean): string {
    const characters = [...value].reverse();
    const backwards = new ShellPattern([...this.elements].reverse(), this.source);
    const end = backwards.matchAt(characters, 0, longest);
    return end === undefined ? value : characters.slice(end).reverse().join('');
  }

  /** `${name/pattern/replacement}`: the first match replaced, the replacement taken as it is. */
  public replaceFirst(value: string, replacement: string): string {
    const characters = [...value];
    const match = this.search(characters, 0);
    if (match === undefined) return value;
    return characters.slice(0, match.start).join('') + replacement + characters.slice(match.end).join('');
  }

  /** `${name//pattern/replacement}`: every match replaced; here `$0` in the replacement stands for the match. */
  public replaceAll(value: string, replacement: string): string {
    const characters = [...value];
    const text = (from: number, to?: number): string => characters.slice(from, to).join('');
    let result = '';
    let copied = 0;
    for (let position = 0; position <= characters.length;) {
      const match = this.search(characters, position);
      if (match === undefined) break;
      result += text(copied, match.start);
      // An empty match right behind the match before it does not count.
      if (match.end > copied || match.start === 0) {
        result += expandTemplate(replacement, text(match.start, match.end));
      }
      copied = match.end;
      position = Math.max(match.end, position + 1);
    }
    return result + text(copied);
  }

  /** The leftmost match from a position on, as long as it gets. */
  private search(characters: readonly string[], from: number): { start: number; end: number } | undefined {
    for (let start = from; start <= characters.length; start++) {
      const first = this.findChunk(this.chunks[0], characters, start, characters.length);
      if (first === undefined) return undefined;
      start = this.elements[0] === 'run' ? start : first;
      const end = this.matchAt(characters, start, true);
      if (end !== undefined) return { start, end };
    }
    return undefined;
  }

  /** Where a match that begins at `start` ends: each chunk at its first place, the last one at its last if asked for. */
  private matchAt(characters: readonly string[], start: number, longest: boolean): number | undefined {
    const [head, ...rest] = this.chunks;
    if (!this.chunkAt(head, characters, start)) return undefined;
    let position = start + head.length;
    for (const [index, chunk] of rest.entries()) {
      const lineEnd = endOfLine(characters, position);
      const last = longest && index === rest.length - 1;
      const found = last
        ? this.findLastChunk(chunk, characters, position, lineEnd)
        : this.findChunk(chunk, characters, position, lineEnd);
      if (found === undefined) return undefined;
      position = found + chunk.length;
    }
    return position;
  }

  private findChunk(chunk: readonly Element[], characters: readonly string[], from: number, to: number) {
    for (let at = from; at <= to; at++) if (this.chunkAt(chunk, characters, at)) return at;
    return undefined;
  }

  private findLastChunk(chunk: readonly Element[], characters: readonly string[], from: number, to: number) {
    for (let at = to; at >= from; at--) if (this.chunkAt(chunk, characters, at)) return at;
    return undefined;
  }

  private chunkAt(chunk: readonly Element[], characters: readonly string[], at: number): boolean {
    for (let i = 0; i < chunk.length; i++) {
      if (++this.steps > MAX_STEPS) throw new RefusedDockerfile(`pattern (${this.source}) takes too long to match`);
      if (!matches(chunk[i], characters[at + i])) return false;
    }
    return at + chunk.length <= characters.length;
  }
}

function matches(element: Element, character: string | undefined): boolean {
  if (character === undefined) return false;
  return typeof element === 'object' ? element.literal === character : character !== '\n';
}

function splitAtRuns(elements: readonly Element[]): Element[][] {
  const chunks: Element[][] = [[]];
  for (const element of elements) {
    if (element === 'run') chunks.push([]);
    else chunks[chunks.length - 1].push(element);
  }
  return chunks;
}

function endOfLine(characters: readonly string[], from: number): number {
  const newline = characters.indexOf('\n', from);
  return newline < 0 ? characters.length : newline;
}

/** Go's `regexp.Expand`: `$name` and `${name}` are submatches, of which there is only the whole match, `$0`. */
function expandTemplate(template: string, match: string): string {
  if (!template.includes('$')) return template;
  return template.replace(/\$(?:\$|(?:\{([\p{L}\p{Nd}_]+)\})|([\p{L}\p{Nd}_]+))/gu, (reference, braced, bare) => {
    if (reference === '$$') return '$';
    return (braced ?? bare) === '0' ? match : '';
  });
}

function invalidEscape(source: string, character: string | undefined): RefusedDockerfile {
  return new RefusedDockerfile(`invalid pattern (${source}) in substitution: invalid escape '\\${character ?? ''}'`);
}
