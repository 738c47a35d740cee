/** How many ways to deploy one resource are looked at before it is called undecidable. */
const MOST_WORLDS = 64;

/**
 * The open questions of one evaluation (which way does a condition go, what does a parameter hold), each answered once.
 *
 * An evaluation asks as it goes; {@link everyWorld} repeats it until every combination of answers has been seen.
 */
export class Choices {
  private readonly answers = new Map<string, number>();
  private asked = 0;

  public constructor(private readonly path: Array<{ index: number; count: number }>) {}

  /** One of the options: the same one whenever the same question is asked. */
  public pick<T>(question: string, options: readonly T[]): T {
    const known = this.answers.get(question);
    if (known !== undefined) return options[known];
    const position = this.asked++;
    if (position === this.path.length) this.path.push({ index: 0, count: options.length });
    this.answers.set(question, this.path[position].index);
    return options[this.path[position].index];
  }
}

/** Runs an evaluation once for each combination of answers; `complete` tells whether all of them fitted in. */
export function everyWorld<T>(run: (choices: Choices) => T): { results: T[]; complete: boolean } {
  const path: Array<{ index: number; count: number }> = [];
  const results: T[] = [];
  do {
    if (results.length === MOST_WORLDS) return { results, complete: false };
    results.push(run(new Choices(path)));
  } while (advance(path));
  return { results, complete: true };
}

/** Steps to the next combination, the last question first; false after the last one. */
function advance(path: Array<{ index: number; count: number }>): boolean {
  while (path.length > 0) {
    const last = path[path.length - 1];
    last.index++;
    if (last.index < last.count) return true;
    path.pop();
  }
  return false;
}
