import type { ImageDescription } from './analysis';
import type { InstructionNode } from './instruction-node';
import type { NamedContext } from './named-contexts';
import type { Platform } from './platform';
import type { Place } from './refusal';
import type { StageInstruction } from './stages';

/** What a stage without a base stage begins with. */
export type Origin =
  | { readonly kind: 'scratch' }
  | {
      readonly kind: 'image';
      /** Normalised: `docker.io/library/alpine:latest`. */
      readonly reference: string;
      readonly platform: Platform;
      readonly description: ImageDescription;
    }
  | { readonly kind: 'context'; readonly context: NamedContext };

/** An instruction that a stage carries out, and the stages and images that it reads. */
export interface StageCommand {
  readonly instruction: StageInstruction;
  /** COPY: one source if it has a `--from`. RUN: one source for each mount. */
  readonly sources: readonly BuildStage[];
  /** Where it stands, when it came out of an ONBUILD: the trigger's own text has no lines. */
  readonly trigger?: Trigger;
}

export interface Trigger {
  /** The FROM that set it off. */
  readonly place: Place;
  /** The ONBUILD; undefined when the image brought it. */
  readonly onbuild?: InstructionNode;
}

/** A stage of the build, or an image that an instruction refers to, which BuildKit treats as a stage without commands. */
export class BuildStage {
  public base?: BuildStage;
  /** A named context that takes the place of the whole stage. */
  public replacement?: NamedContext;
  /** Known once the stage is resolved, of stages that the target needs. */
  public origin?: Origin;
  public commands: StageCommand[] = [];
  public readonly dependencies = new Set<BuildStage>();
  public dispatched = false;
  public triggersAdded = false;

  public constructor(
    /** In lower case; '' when it has none. */
    public readonly name: string,
    /** The base, its variables expanded. */
    public readonly baseName: string,
    public readonly place: Place,
    /** From `--platform`. */
    public platform?: Platform,
    /** An image that no FROM names. */
    public readonly isBareImage = false,
  ) {}

  /** The stages that the file system is made of, the first one at the bottom. */
  public chain(): BuildStage[] {
    const chain: BuildStage[] = [this];
    for (let base = this.base; base !== undefined; base = base.base) chain.push(base);
    chain.reverse();
    return chain;
  }

  /** What people know the stage by. */
  public label(): string {
    return this.name === '' ? this.baseName : this.name;
  }
}
