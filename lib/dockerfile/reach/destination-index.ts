import { posix } from 'node:path';
import type { CopyStep, FileStep } from '../file-step';
import { absolutePath, fixedPart, isPattern } from './path-pattern';

/** A step and its number in the stage. */
export interface StepAt<S extends FileStep> {
  readonly step: S;
  readonly index: number;
}

/** Finds the copies of a stage that may have brought something to a path, without going through all of them. */
export class DestinationIndex {
  /** Destinations in order, so that all that lie in a directory stand together. */
  private readonly destinations: readonly string[];
  private readonly byKey = new Map<string, StepAt<CopyStep>[]>();
  /** Copies whose destination is not known to the end. */
  private readonly anywhere: StepAt<CopyStep>[] = [];

  public constructor(steps: readonly FileStep[]) {
    const copies = steps.flatMap((step, index) => (step.kind === 'run' ? [] : [{ step, index }]));
    for (const copy of copies) {
      if (copy.step.workdirUnknown) this.anywhere.push(copy);
      else this.add(absolutePath(copy.step.destination), copy);
    }
    this.destinations = [...this.byKey.keys()].sort();
  }

  /** The copies into the path, into directories that it lies in, and into what lies below it; in order. */
  public concerning(path: string): StepAt<CopyStep>[] {
    const directory = isPattern(path) ? fixedPart(path) : path;
    const found = new Set([...this.anywhere, ...this.above(directory), ...this.below(directory)]);
    return [...found].sort((a, b) => a.index - b.index);
  }

  private add(key: string, copy: StepAt<CopyStep>): void {
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, [copy]);
    else known.push(copy);
  }

  private above(path: string): StepAt<CopyStep>[] {
    const found = [...(this.byKey.get(path) ?? [])];
    for (let parent = path; parent !== '/';) {
      parent = posix.dirname(parent);
      found.push(...(this.byKey.get(parent) ?? []));
    }
    return found;
  }

  private below(path: string): StepAt<CopyStep>[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    const found: StepAt<CopyStep>[] = [];
    for (let i = this.firstFrom(prefix); this.destinations[i]?.startsWith(prefix); i++) {
      found.push(...(this.byKey.get(this.destinations[i]) ?? []));
    }
    return found;
  }

  private firstFrom(prefix: string): number {
    let [low, high] = [0, this.destinations.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.destinations[middle] < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
