import type { CopyStep, FileStep } from '../file-step';
import { absolutePath, fixedPart } from './path-pattern';
import { PathIndex } from './path-index';

/** A step and its number in the stage. */
export interface StepAt<S extends FileStep> {
  readonly step: S;
  readonly index: number;
}

/** Finds the copies of a stage that may have brought something to a path, without going through all of them. */
export class DestinationIndex {
  private readonly copies = new PathIndex<StepAt<CopyStep>>();
  /** Copies whose destination is not known to the end. */
  private readonly anywhere: StepAt<CopyStep>[] = [];

  public constructor(steps: readonly FileStep[]) {
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'run') continue;
      if (step.workdirUnknown) this.anywhere.push({ step, index });
      else this.copies.add(absolutePath(step.destination), { step, index });
    }
  }

  /** The copies into the path, into directories that it lies in, and into what lies below it; in order. */
  public concerning(path: string): StepAt<CopyStep>[] {
    const directory = fixedPart(path);
    const found = new Set([...this.anywhere, ...this.copies.above(directory), ...this.copies.below(directory)]);
    return [...found].sort((a, b) => a.index - b.index);
  }
}
