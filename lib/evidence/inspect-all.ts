import { InspectionError } from '../layers/inspection-error';
import { RegistryError } from '../layers/sources/registry/registry-error';
import { BuildError } from './builds/build-error';
import type { ImageInspector, InspectionTarget } from './image-inspector';
import type { InspectionOutcome } from './inspect-in-child';

export interface InspectAllOptions {
  /** How many images are built, downloaded or read at the same time. */
  readonly concurrency: number;
  /** Told the index of each target that is begun. */
  readonly onStart?: (index: number) => void;
  /** Told the index of each target that is done, and what came of it. */
  readonly onDone?: (index: number, outcome: InspectionOutcome) => void;
}

/** Inspects several images: while one is built or downloaded, another is read. What is wrong with one does not keep the others. */
export async function inspectAll(
  targets: readonly InspectionTarget[],
  inspector: ImageInspector,
  { concurrency, onStart, onDone }: InspectAllOptions,
): Promise<InspectionOutcome[]> {
  const outcomes: InspectionOutcome[] = [];
  const queue = targets.map((target, index) => ({ target, index }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { target, index } = next;
      onStart?.(index);
      outcomes[index] = await inspector.inspect(target).catch(failure);
      onDone?.(index, outcomes[index]);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return outcomes;
}

/** What is wrong with an image is an outcome; what is wrong with the program ends it. */
function failure(error: unknown): InspectionOutcome {
  if (error instanceof BuildError) return { error: error.message, output: error.output };
  if (InspectionError.isInspectionError(error) || error instanceof RegistryError) return { error: error.message };
  if (error instanceof Error && 'syscall' in error) return { error: error.message };
  throw error;
}
