import type { BuildRequest, ImageDescription } from './analysis';
import type { BuildArguments } from './build-arguments';
import { declareGlobals, predefinedArguments } from './build-arguments';
import { BuildStage } from './build-stage';
import type { Origin, StageCommand, Trigger } from './build-stage';
import type { EscapeToken } from './directives';
import { expandWord } from './expansion';
import { fullReference, parseReference } from './image-reference';
import type { FromInstruction } from './instruction';
import { NamedContexts } from './named-contexts';
import { parseDockerfile } from './parse';
import type { Platform } from './platform';
import { DEFAULT_PLATFORM, normalisePlatform, parsePlatform } from './platform';
import { readInstruction } from './read-instruction';
import { RefusedDockerfile, refusingAt } from './refusal';
import { checkSourceDateEpoch } from './source-date-epoch';
import { reachableFrom, StageGraph } from './stage-graph';
import type { StageList } from './stages';

/** A build whose stages, images and contexts are known, before its instructions are carried out. */
export interface ResolvedBuild {
  /** In the order in which they are carried out; images that instructions refer to come last. */
  readonly stages: readonly BuildStage[];
  readonly target: BuildStage;
  readonly reachable: ReadonlySet<BuildStage>;
  readonly platform: Platform;
  readonly globals: ReadonlyMap<string, string>;
  readonly given: BuildArguments;
  readonly escape: EscapeToken;
  /** Whether SOURCE_DATE_EPOCH gets its value only when the image is built. */
  readonly epochUnknown: boolean;
}

/** A stage with many triggers under many stages would multiply them. */
const MAX_TRIGGERS = 50_000;

/** Gives what is known of an image. */
export type DescribeImage = (reference: string) => ImageDescription;

/**
 * Finds out what a Dockerfile is built from, as BuildKit's converter does.
 *
 * @throws RefusedDockerfile where BuildKit gives up
 */
export function resolveBuild(
  list: StageList,
  escape: EscapeToken,
  request: BuildRequest,
  describe: DescribeImage,
): ResolvedBuild {
  return new Resolver(list, escape, request, describe).resolve();
}

class Resolver {
  private readonly platform: Platform;
  private readonly given: BuildArguments;
  private readonly contexts: NamedContexts;
  private readonly graph: StageGraph;
  private readonly globals: Map<string, string>;
  private triggers = 0;

  public constructor(
    private readonly list: StageList,
    private readonly escape: EscapeToken,
    private readonly request: BuildRequest,
    private readonly describe: DescribeImage,
  ) {
    this.platform = request.platform ? normalisePlatform(parsePlatform(request.platform)) : DEFAULT_PLATFORM;
    this.given = new Map(Object.entries(request.buildArgs ?? {}));
    this.contexts = new NamedContexts(request.buildContexts ?? {});
    this.graph = new StageGraph(escape);
    this.globals = predefinedArguments(this.platform, this.targetName() || this.lastName(), this.given);
  }

  public resolve(): ResolvedBuild {
    declareGlobals(this.globals, this.list.globals, this.given, this.escape);
    const epochUnknown = checkSourceDateEpoch({ ...this.list, ...this.settings(), contexts: this.contexts });
    for (const { from } of this.list.stages) this.graph.add(this.buildStage(from));
    const target = this.graph.findTarget(this.targetName());
    this.addCommands();
    this.graph.checkCircles();
    const reachable = this.resolveReachable(target);
    return { ...this.settings(), stages: this.graph.stages, target, reachable, epochUnknown };
  }

  private settings() {
    const { platform, globals, given, escape } = this;
    return { platform, globals, given, escape };
  }

  private targetName(): string {
    return this.request.target ?? '';
  }

  private lastName(): string {
    return this.list.stages[this.list.stages.length - 1].from.stage;
  }

  private buildStage(from: FromInstruction): BuildStage {
    const place = from.node.line.place();
    return refusingAt(
      () => place,
      () => {
        const baseName = expandWord(from.base, this.globals, { escape: this.escape });
        if (baseName === '') throw new RefusedDockerfile(`base name (${from.base}) should not be blank`);
        const stage = new BuildStage(from.stage, baseName, place, this.stagePlatform(from));
        if (stage.name !== '') {
          stage.replacement = this.contexts.find(stage.name, stage.platform ?? this.platform);
        }
        return stage;
      },
    );
  }

  private stagePlatform({ platform }: FromInstruction): Platform | undefined {
    if (platform === '') return undefined;
    const expanded = expandWord(platform, this.globals, { escape: this.escape });
    if (expanded === '') throw new RefusedDockerfile(`empty platform value from expression ${platform}`);
    return parsePlatform(expanded);
  }

  private addCommands(): void {
    // Images that instructions refer to are appended to the graph on the way.
    const stages = [...this.graph.stages];
    for (const [index, stage] of stages.entries()) {
      const { instructions } = this.list.stages[index];
      stage.commands = instructions.map((instruction) => this.graph.command(stage, instruction));
    }
  }

  /** Triggers can add dependencies, and these bring further stages with triggers of their own. */
  private resolveReachable(target: BuildStage): Set<BuildStage> {
    for (;;) {
      const reachable = reachableFrom(target);
      for (const stage of this.graph.stages) this.resolveOrigin(stage, reachable.has(stage));
      const added = [...reachable].filter((stage) => !stage.triggersAdded && this.addTriggers(stage));
      if (added.length === 0) return reachable;
    }
  }

  /** BuildKit reads the references of all stages and looks up those of the stages that it needs. */
  private resolveOrigin(stage: BuildStage, needed: boolean): void {
    if (stage.base !== undefined || stage.origin !== undefined) return;
    if (stage.baseName === 'scratch' && stage.replacement === undefined) {
      stage.origin = { kind: 'scratch' };
      return;
    }
    const reference = parseReference(stage.baseName);
    if ('invalid' in reference) {
      throw new RefusedDockerfile(
        `failed to parse stage name ${JSON.stringify(stage.baseName)}: ${reference.invalid}`,
        stage.place,
      );
    }
    if (needed) stage.origin = this.originOf(stage, fullReference(reference));
  }

  private originOf(stage: BuildStage, reference: string): Origin {
    const platform = stage.platform ?? this.platform;
    const context = stage.replacement ?? this.contexts.find(reference, platform);
    if (context === undefined) return { kind: 'image', reference, platform, description: this.describe(reference) };
    if (context.kind === 'scratch') return { kind: 'scratch' };
    if (context.kind !== 'image') return { kind: 'context', context };
    return { kind: 'image', reference: context.reference, platform, description: this.describe(context.reference) };
  }

  /** The ONBUILDs of the base run before the stage's own instructions. Answers whether they read from anywhere. */
  private addTriggers(stage: BuildStage): boolean {
    stage.triggersAdded = true;
    if (stage.replacement !== undefined) return false;
    const place = stage.place;
    const fromImage = stage.origin?.kind === 'image' ? (stage.origin.description.onbuild ?? []) : [];
    const commands = [
      ...fromImage.map((expression) => this.triggered(stage, expression, { place })),
      ...(stage.base?.commands ?? []).flatMap(({ instruction }) =>
        instruction.kind === 'onbuild'
          ? [this.triggered(stage, instruction.expression, { place, onbuild: instruction.node })]
          : [],
      ),
    ];
    stage.commands = [...commands, ...stage.commands];
    return commands.some(({ sources }) => sources.length > 0);
  }

  private triggered(stage: BuildStage, expression: string, trigger: Trigger): StageCommand {
    return refusingAt(
      () => trigger.place,
      () => {
        if (++this.triggers > MAX_TRIGGERS) throw new RefusedDockerfile(`more than ${MAX_TRIGGERS} ONBUILD triggers`);
        const { nodes } = parseDockerfile(expression);
        if (nodes.length !== 1) throw new RefusedDockerfile('onbuild trigger should be a single expression');
        const instruction = readInstruction(nodes[0]);
        if (instruction.kind === 'from') throw new RefusedDockerfile('FROM is not a command type');
        return this.graph.command(stage, instruction, trigger);
      },
    );
  }
}
