import { posix } from 'node:path';
import type { BuildContext, ContextEntry } from './analysis';
import { trimSpace } from './go-text';
import { IgnorePattern } from './ignore-pattern';

interface Rule {
  readonly pattern: IgnorePattern;
  /** `!pattern`: takes back what earlier rules left out. */
  readonly takesBack: boolean;
}

/** What the rules say of one path. */
interface Verdict {
  readonly ignored: boolean;
  /** Which of the rules match; they then match everything below, too. */
  readonly matching: readonly boolean[];
}

const ROOT: Verdict = { ignored: false, matching: [] };

/** The rules of a `.dockerignore` file. A later rule beats the ones before it. */
export class IgnoreRules {
  private readonly directories = new Map<string, Verdict>([['', ROOT]]);

  private constructor(private readonly rules: readonly Rule[]) {}

  /**
   * Reads an ignore file.
   *
   * @throws SyntaxError for patterns that BuildKit refuses
   */
  public static parse(text: string): IgnoreRules {
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
    return new IgnoreRules(lines.filter((line) => !line.startsWith('#')).flatMap(readRule));
  }

  /**
   * Reads the patterns of `--exclude`, which are taken as they are but for the blanks around them.
   *
   * @throws SyntaxError for patterns that BuildKit refuses
   */
  public static ofPatterns(patterns: readonly string[]): IgnoreRules {
    return new IgnoreRules(
      patterns
        .map(trimSpace)
        .filter((pattern) => pattern !== '')
        .map(excludingRule),
    );
  }

  /** Whether a file or directory is left out. Below a directory that is left out, a rule may take things back. */
  public ignores(path: string): boolean {
    return path !== '' && this.verdict(path).ignored;
  }

  /** Whether any rule takes back what others leave out. */
  public get takesBack(): boolean {
    return this.rules.some((rule) => rule.takesBack);
  }

  private verdict(path: string): Verdict {
    const slash = path.lastIndexOf('/');
    return this.judge(path, slash < 0 ? ROOT : this.directory(path.slice(0, slash)));
  }

  private directory(path: string): Verdict {
    const known = this.directories.get(path);
    if (known !== undefined) return known;
    const verdict = this.verdict(path);
    this.directories.set(path, verdict);
    return verdict;
  }

  /**
   * A rule that would change nothing is not asked, and then does not count as matching for what lies below. This is how
   * patternmatcher does it, and with `a`, `!a/b/c`, `a/b` it decides over `a/b/c`.
   */
  private judge(path: string, parent: Verdict): Verdict {
    let ignored = false;
    const matching = this.rules.map(({ pattern, takesBack }, index) => {
      const matches = parent.matching[index] === true || (takesBack === ignored && pattern.matches(path));
      if (matches) ignored = !takesBack;
      return matches;
    });
    return { ignored, matching };
  }
}

function readRule(line: string): Rule[] {
  const trimmed = trimSpace(line);
  const takesBack = trimmed.startsWith('!');
  const written = takesBack ? trimSpace(trimmed.slice(1)) : trimmed;
  if (trimmed === '') return [];
  if (written === '') throw new SyntaxError('illegal exclusion pattern: "!"');
  const normal = posix.normalize(written).replace(/(?<=.)\/$/, '');
  const pattern = normal.length > 1 ? normal.replace(/^\//, '') : normal;
  return [{ pattern: new IgnorePattern(pattern), takesBack }];
}

function excludingRule(pattern: string): Rule {
  const clean = posix.normalize(pattern).replace(/(?<=.)\/$/, '');
  if (clean === '!') throw new SyntaxError('illegal exclusion pattern: "!"');
  const takesBack = clean.startsWith('!');
  return { pattern: new IgnorePattern(takesBack ? clean.slice(1) : clean), takesBack };
}

/** A build context without what its ignore file leaves out. */
export class FilteredContext implements BuildContext {
  public constructor(
    private readonly whole: BuildContext,
    private readonly rules: IgnoreRules,
  ) {}

  public get description(): string {
    return this.whole.description;
  }

  public list(directory: string): readonly string[] | undefined {
    if (!this.shows(directory)) return undefined;
    const prefix = directory === '' ? '' : `${directory}/`;
    return this.whole.list(directory)?.filter((name) => this.shows(prefix + name));
  }

  public stat(path: string): ContextEntry | undefined {
    return this.shows(path) ? this.whole.stat(path) : undefined;
  }

  public read(path: string, take: (chunk: Uint8Array) => boolean): void {
    if (!this.shows(path)) throw new Error(`${path} is left out by the ignore file of ${this.description}`);
    this.whole.read(path, take);
  }

  /** A directory that is left out is there for what is taken back in it. */
  private shows(path: string): boolean {
    if (!this.rules.ignores(path)) return true;
    return this.rules.takesBack && this.whole.stat(path)?.type === 'directory';
  }
}
