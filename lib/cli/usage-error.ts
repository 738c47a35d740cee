/** The command line asks for something that there is not. */
export class UsageError extends Error {
  public override readonly name = 'UsageError';
}

/**
 * The candidate that somebody probably meant; undefined when none is near.
 *
 * Near means at most a third of the letters changed, so that `--fromat` finds `--format` and `x` finds nothing.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(word.length, best.candidate.length) / 3 ? best.candidate : undefined;
}

/** ` (did you mean X?)`, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
