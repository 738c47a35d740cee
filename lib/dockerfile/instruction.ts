import type { InstructionNode } from './instruction-node';

/** An instruction whose form has been checked. Variables in it are not expanded yet. */
export type Instruction =
  | FromInstruction
  | ArgInstruction
  | PairsInstruction
  | CopyInstruction
  | RunInstruction
  | CommandInstruction
  | HealthCheck
  | ListInstruction
  | WordInstruction
  | OnbuildInstruction;

export interface FromInstruction {
  readonly kind: 'from';
  readonly node: InstructionNode;
  readonly base: string;
  /** In lower case; '' when the stage has no name. */
  readonly stage: string;
  readonly platform: string;
}

export interface ArgInstruction {
  readonly kind: 'arg';
  readonly node: InstructionNode;
  readonly args: ReadonlyArray<{ readonly key: string; readonly value?: string }>;
}

export interface PairsInstruction {
  readonly kind: 'env' | 'label';
  readonly node: InstructionNode;
  readonly pairs: ReadonlyArray<readonly [key: string, value: string]>;
}

/** A file whose content stands in the Dockerfile itself. */
export interface InlineDocument {
  readonly name: string;
  readonly content: string;
  readonly expand: boolean;
}

export interface CopyInstruction {
  readonly kind: 'add' | 'copy';
  readonly node: InstructionNode;
  readonly sources: readonly string[];
  readonly documents: readonly InlineDocument[];
  readonly destination: string;
  /** COPY only; '' for the main context. */
  readonly from: string;
  readonly chown: string;
  readonly chmod: string;
  readonly exclude: readonly string[];
  /** COPY only. */
  readonly parents: boolean;
  /** ADD only. */
  readonly checksum: string;
  /** ADD only; undefined when it was not given. */
  readonly unpack?: boolean;
  /** ADD only; undefined when it was not given. */
  readonly keepGitDir?: boolean;
}

/** Arguments in exec form, or one shell command. */
export interface CommandArguments {
  readonly args: readonly string[];
  readonly form: 'exec' | 'shell';
}

export interface RunInstruction {
  readonly kind: 'run';
  readonly node: InstructionNode;
  readonly command: CommandArguments;
  readonly mounts: readonly string[];
  readonly devices: readonly string[];
}

export interface CommandInstruction {
  readonly kind: 'cmd' | 'entrypoint' | 'shell';
  readonly node: InstructionNode;
  readonly command: CommandArguments;
}

export interface HealthCheck {
  readonly kind: 'healthcheck';
  readonly node: InstructionNode;
  /** Undefined for `HEALTHCHECK NONE`. */
  readonly command?: CommandArguments;
}

export interface ListInstruction {
  readonly kind: 'expose' | 'volume';
  readonly node: InstructionNode;
  readonly values: readonly string[];
}

export interface WordInstruction {
  readonly kind: 'user' | 'workdir' | 'stopsignal' | 'maintainer';
  readonly node: InstructionNode;
  readonly value: string;
}

export interface OnbuildInstruction {
  readonly kind: 'onbuild';
  readonly node: InstructionNode;
  /** The instruction that it holds back, as text: it is parsed where it runs. */
  readonly expression: string;
}
