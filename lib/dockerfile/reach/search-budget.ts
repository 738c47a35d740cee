import type { Evidence } from './evidence';

/** Steps that the searches of one analysis may take together. Builds that people write take some hundred. */
const MAX_STEPS = 100_000;
const MAX_DEPTH = 100;

const TOO_MANY: readonly Evidence[] = [
  { verdict: 'unproven', reason: 'the stages copy from each other in too many ways', trace: [] },
];

/** Sees to it that stages that copy from each other in all ways do not take forever. */
export class SearchBudget {
  private steps = 0;
  private depth = 0;

  /** Runs a search that takes about so many steps; when they are used up, nothing is proved. */
  public search(steps: number, run: () => readonly Evidence[]): readonly Evidence[] {
    this.steps += steps;
    if (this.steps > MAX_STEPS || this.depth >= MAX_DEPTH) return TOO_MANY;
    this.depth++;
    try {
      return run();
    } finally {
      this.depth--;
    }
  }
}
