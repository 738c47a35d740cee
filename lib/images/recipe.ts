import type { StageText } from './dockerfile-text';
import type { ProbeCompiler } from './probe/probe-build';
import type { StagedContext } from './staged-context';

/** How one language makes its image. */
export interface Recipe {
  /** Patterns of what images of this language do not need. */
  readonly exclude: readonly string[];
  /** Files of the project that the build starts from. */
  readonly manifests: readonly string[];
  /** Whether nothing goes into the image but what the build makes, and files that are named. */
  readonly isCompiled?: boolean;
  /** What the first stage can compile the health probe with; without it, a Go builder is taken for that. */
  readonly probeCompiler?: ProbeCompiler;
  /** The stages of the Dockerfile; the last one is the image. */
  readonly render: (context: StagedContext) => readonly StageText[];
}
