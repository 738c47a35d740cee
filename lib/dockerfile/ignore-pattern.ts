/** One step of a pattern: what it lets pass, and whether it may be passed over. */
interface Token {
  readonly matches: (character: string) => boolean;
  /** One character, or any number of them. */
  readonly repeats: boolean;
  /** Instead of this token and the next ones, nothing: how many tokens are passed over. */
  readonly optional: number;
}

const anything = (): boolean => true;
const notSlash = (character: string): boolean => character !== '/';
const slash = (character: string): boolean => character === '/';

const RUN: Token = { matches: notSlash, repeats: true, optional: 1 };
const REST: Token = { matches: anything, repeats: true, optional: 1 };
const ONE: Token = { matches: notSlash, repeats: false, optional: 0 };
/** Any number of whole directories: nothing, or anything that ends with a slash. */
const DIRECTORIES: readonly Token[] = [
  { matches: () => false, repeats: false, optional: 3 },
  REST,
  { matches: slash, repeats: false, optional: 0 },
];

/**
 * One pattern of an ignore file, as moby's patternmatcher reads it.
 *
 * A small automaton instead of a regular expression: a hostile ignore file must not make a build hang.
 */
export class IgnorePattern {
  private readonly matcher: (path: string) => boolean;

  /** @throws SyntaxError for brackets that do not close and the like */
  public constructor(pattern: string) {
    const wildcards = /[*?[\]\\]/;
    if (!wildcards.test(pattern)) this.matcher = (path) => path === pattern;
    else if (pattern.endsWith('**') && !wildcards.test(pattern.slice(0, -2))) {
      const prefix = pattern.slice(0, -2);
      this.matcher = (path) => path.startsWith(prefix);
    } else if (pattern.startsWith('**') && !wildcards.test(pattern.slice(2))) {
      // Without a slash behind the stars any name that ends like this matches.
      const suffix = pattern.slice(2);
      this.matcher = (path) => path.endsWith(suffix) || path === suffix.slice(1);
    } else this.matcher = automaton(pattern);
  }

  public matches(path: string): boolean {
    return this.matcher(path);
  }
}

function automaton(pattern: string): (path: string) => boolean {
  const tokens = new Tokeniser(pattern).tokens();
  const tail = /[^*?[\]\\]*$/.exec(pattern)?.[0] ?? '';
  // What follows a backslash is part of the escape.
  const literalTail = pattern[pattern.length - tail.length - 1] === '\\' ? '' : tail;
  return (path) => path.endsWith(literalTail) && run(tokens, path);
}

/** Walks all ways through the pattern at once. */
function run(tokens: readonly Token[], path: string): boolean {
  let states = reachable(tokens, [0]);
  for (const character of path) {
    const next: number[] = [];
    for (const state of states) {
      if (tokens[state]?.matches(character)) next.push(tokens[state].repeats ? state : state + 1);
    }
    if (next.length === 0) return false;
    states = reachable(tokens, next);
  }
  return states.has(tokens.length);
}

function reachable(tokens: readonly Token[], from: readonly number[]): Set<number> {
  const states = new Set<number>();
  const pending = [...from];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (states.has(state)) continue;
    states.add(state);
    const token = tokens[state];
    // The first token of `DIRECTORIES` lets one in as well as past.
    if (token?.optional === 3) pending.push(state + 1, state + 3);
    else if (token?.optional === 1) pending.push(state + 1);
  }
  return states;
}

class Tokeniser {
  private position = 0;
  private readonly characters: readonly string[];

  public constructor(private readonly pattern: string) {
    this.characters = [...pattern];
  }

  public tokens(): Token[] {
    const tokens: Token[] = [];
    while (this.position < this.characters.length) tokens.push(...this.next(this.characters[this.position++]));
    return tokens;
  }

  private next(character: string): readonly Token[] {
    if (character === '*') return this.stars();
    if (character === '?') return [ONE];
    if (character === '[') return [this.bracket()];
    if (character === '\\') return [literal(this.escaped())];
    return [literal(character)];
  }

  private stars(): readonly Token[] {
    if (this.characters[this.position] !== '*') return [RUN];
    this.position++;
    if (this.characters[this.position] === '/') this.position++;
    return this.position === this.characters.length ? [REST] : DIRECTORIES;
  }

  private escaped(): string {
    const character = this.characters[this.position++];
    if (character === undefined) throw this.syntaxError();
    return character;
  }

  private bracket(): Token {
    const negated = this.characters[this.position] === '^';
    if (negated) this.position++;
    const ranges: [string, string][] = [];
    while (this.characters[this.position] !== ']' || ranges.length === 0) ranges.push(this.range());
    this.position++;
    const inside = (character: string): boolean => ranges.some(([low, high]) => low <= character && character <= high);
    return { matches: (character) => inside(character) !== negated, repeats: false, optional: 0 };
  }

  private range(): [string, string] {
    const low = this.rangeEnd();
    if (this.characters[this.position] !== '-') return [low, low];
    this.position++;
    return [low, this.rangeEnd()];
  }

  private rangeEnd(): string {
    const character = this.escapedOr(this.characters[this.position++]);
    if (character === undefined || character === '-' || character === ']') throw this.syntaxError();
    return character;
  }

  private escapedOr(character: string | undefined): string | undefined {
    return character === '\\' ? this.escaped() : character;
  }

  private syntaxError(): SyntaxError {
    return new SyntaxError(`syntax error in pattern ${this.pattern}`);
  }
}

function literal(character: string): Token {
  return { matches: (other) => other === character, repeats: false, optional: 0 };
}
