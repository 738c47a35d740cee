import type { StageText } from './dockerfile-text';
import type { StagedContext } from './staged-context';

/** How one language makes its image. */
export interface Recipe {
  /** Patterns of what images of this language do not need. */
  readonly exclude: readonly string[];
  /** The stages of the Dockerfile; the last one is the image. */
  readonly render: (context: StagedContext) => readonly StageText[];
}
