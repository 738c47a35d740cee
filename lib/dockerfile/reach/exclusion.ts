import { IgnoreRules } from '../ignore-rules';
import type { Evidence } from './evidence';
import { nameOf } from './path-pattern';

/** More patterns are not tried on every file, and prove nothing. */
const MAX_PATTERNS = 1000;

/**
 * What `--exclude` leaves out.
 *
 * BuildKit compares the patterns with paths relative to the directory that is copied, and with nothing else: neither the source
 * itself nor what an archive is unpacked to is left out.
 */
export class Exclusion {
  private readonly rules?: IgnoreRules;

  public constructor(patterns: readonly string[]) {
    this.rules = patterns.length > MAX_PATTERNS ? undefined : tryRules(patterns);
  }

  /** Patterns that cannot be read prove nothing. */
  public get readable(): boolean {
    return this.rules !== undefined;
  }

  /** Whether something is left out for certain, by its path below the directory that is copied. */
  public leavesOut(below: string): boolean {
    return this.rules?.ignores(below) === true;
  }

  /**
   * Evidence that may be about something that is left out.
   *
   * @param below its path below the directory that is copied, '' for a file that is the source itself
   */
  public doubt(evidence: Evidence, path: string, below: string): Evidence {
    if (evidence.verdict === 'unproven' || !this.mayLeaveOut(path, below)) return evidence;
    const reason = `${evidence.reason}; whether --exclude leaves it out is not known`;
    return { verdict: 'unproven', reason, trace: evidence.trace };
  }

  /** The documentation has files that are named themselves left out, too; and `/bin` may stand for `/usr/bin`. */
  private mayLeaveOut(path: string, below: string): boolean {
    const candidates = below === '' ? [nameOf(path), path.slice(1)] : [below, `usr/${below}`];
    return !this.readable || candidates.some((candidate) => this.leavesOut(candidate));
  }
}

function tryRules(patterns: readonly string[]): IgnoreRules | undefined {
  try {
    return IgnoreRules.ofPatterns(patterns);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
