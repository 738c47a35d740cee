import { BuildStage } from './build-stage';
import type { StageCommand, Trigger } from './build-stage';
import type { EscapeToken } from './directives';
import { expandWord, NO_VARIABLES } from './expansion';
import { toLower } from './go-text';
import type { CopyInstruction, RunInstruction } from './instruction';
import { mountSource } from './mount';
import type { Place } from './refusal';
import { RefusedDockerfile, refusingAt } from './refusal';
import type { StageInstruction } from './stages';

const NO_SOURCES: readonly BuildStage[] = [];

/** The stages of a build, in the order in which BuildKit carries them out, and how they refer to each other. */
export class StageGraph {
  /** Images that instructions refer to are appended as they are met. */
  public readonly stages: BuildStage[] = [];
  private readonly byName = new Map<string, BuildStage>();

  public constructor(private readonly escape: EscapeToken) {}

  /** Adds a stage. Its base is the last stage before it whose name is exactly the base's; names are in lower case. */
  public add(stage: BuildStage): void {
    this.stages.push(stage);
    if (stage.replacement === undefined) stage.base = this.byName.get(stage.baseName);
    if (stage.name !== '') this.byName.set(stage.name, stage);
  }

  public findByName(name: string): BuildStage | undefined {
    return this.byName.get(toLower(name));
  }

  public findTarget(name: string): BuildStage {
    const target = name === '' ? this.stages[this.stages.length - 1] : this.findByName(name);
    if (target === undefined) throw new RefusedDockerfile(`target stage ${JSON.stringify(name)} could not be found`);
    return target;
  }

  /** An instruction as a command of a stage; what it reads becomes a dependency. */
  public command(stage: BuildStage, instruction: StageInstruction, trigger?: Trigger): StageCommand {
    if (instruction.kind !== 'copy' && instruction.kind !== 'run') return { instruction, sources: NO_SOURCES, trigger };
    const place = (): Place => trigger?.place ?? instruction.node.line.place();
    const sources = refusingAt(place, () => this.sourcesOf(instruction, place));
    for (const source of sources) stage.dependencies.add(source);
    return { instruction, sources, trigger };
  }

  private sourcesOf(instruction: CopyInstruction | RunInstruction, place: () => Place): readonly BuildStage[] {
    if (instruction.kind !== 'run')
      return instruction.from === '' ? NO_SOURCES : [this.copySource(instruction.from, place)];
    // A mount without a source is given the empty image, which a stage named scratch can be, too.
    return instruction.mounts.map((mount) => this.stageOrImage(mountSource(mount) || 'scratch', place));
  }

  private copySource(from: string, place: () => Place): BuildStage {
    if (expandWord(from, NO_VARIABLES, { escape: this.escape }) !== from) {
      throw new RefusedDockerfile(
        'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
      );
    }
    if (!/^[+-]?\d+$/.test(from)) return this.stageOrImage(from, place);
    const stage = this.stages[Number(from)];
    if (stage === undefined) throw new RefusedDockerfile(`invalid stage index ${Number(from)}`);
    return stage;
  }

  private stageOrImage(name: string, place: () => Place): BuildStage {
    const stage = this.findByName(name);
    if (stage !== undefined) return stage;
    const image = new BuildStage('', name, place(), undefined, true);
    this.add(image);
    return image;
  }

  /** @throws RefusedDockerfile when stages copy from each other in a circle, needed or not */
  public checkCircles(): void {
    const finished = new Set<BuildStage>();
    for (const stage of this.stages) visit(stage, new Set(), finished);
  }
}

function visit(start: BuildStage, path: Set<BuildStage>, finished: Set<BuildStage>): void {
  // By hand: a chain of thousands of stages must not fill the stack.
  const pending: { stage: BuildStage; rest: BuildStage[] }[] = [];
  const enter = (stage: BuildStage): void => {
    if (path.has(stage)) {
      throw new RefusedDockerfile(`circular dependency detected on stage: ${stage.label()}`, stage.place);
    }
    if (finished.has(stage)) return;
    finished.add(stage);
    path.add(stage);
    pending.push({ stage, rest: [...stage.dependencies] });
  };
  enter(start);
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    const next = top.rest.pop();
    if (next !== undefined) enter(next);
    else path.delete(pending.pop()!.stage);
  }
}

/** Everything that building a stage needs, itself included. */
export function reachableFrom(target: BuildStage): Set<BuildStage> {
  const reached = new Set([target]);
  for (const stage of reached) {
    if (stage.base !== undefined) reached.add(stage.base);
    for (const dependency of stage.dependencies) reached.add(dependency);
  }
  return reached;
}
