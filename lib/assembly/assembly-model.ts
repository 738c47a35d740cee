import type { Acknowledgements } from './acknowledgements';
import type { DockerAssets } from './docker-assets';
import type { TemplateScope } from './template-scope';

/** Something of an assembly that cannot be read, and so may hide image uses. */
export interface AssemblyProblem {
  /** Name of the stack it belongs to. */
  readonly stack: string;
  /** The file at fault. */
  readonly file: string;
  readonly reason: string;
  readonly logicalId?: string;
  readonly constructPath?: string;
}

/** What a cloud assembly holds, whether it was read from disk or from a construct tree. */
export interface AssemblyModel {
  /** Absolute path of the assembly. */
  readonly directory: string;
  /** All templates: of stacks, of nested stacks, of Stages. */
  readonly templates: readonly TemplateScope[];
  readonly assets: DockerAssets;
  /** Absolute path of each file asset, by hash. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly AssemblyProblem[];
  /** Of an assembly on disk those within stacks: what was acknowledged at an app or a Stage is not written down. */
  readonly acknowledgements: Acknowledgements;
}
