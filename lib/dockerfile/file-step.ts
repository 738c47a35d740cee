import type { BuildStage, StageCommand } from './build-stage';
import type { CopyInstruction, InlineDocument, RunInstruction } from './instruction';
import type { Mount } from './mount';

/** An instruction that changes the files of a stage, its variables expanded. */
export type FileStep = CopyStep | RunStep;

export interface CopyStep {
  readonly kind: 'copy' | 'add';
  readonly command: StageCommand;
  readonly instruction: CopyInstruction;
  readonly sources: readonly string[];
  readonly documents: readonly InlineDocument[];
  /** Absolute and normal; ends with `/` when it can only be a directory. */
  readonly destination: string;
  /** Whether the destination is relative to a working directory that only the base image knows. */
  readonly workdirUnknown: boolean;
  /** The stage or image that it copies from; undefined for the main context. */
  readonly from?: BuildStage;
  readonly exclude: readonly string[];
  readonly parents: boolean;
  /** Whether archives are taken apart; undefined: local ones are, fetched ones are not. */
  readonly unpack?: boolean;
  /** Variables in its paths that only the base image knows. */
  readonly unknownVariables: readonly string[];
}

export interface RunStep {
  readonly kind: 'run';
  readonly command: StageCommand;
  readonly instruction: RunInstruction;
  /** The command as it is run, behind the shell if it is in shell form. */
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
}
