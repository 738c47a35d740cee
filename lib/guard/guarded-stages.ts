import { Annotations, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { readConstructTree, stageOf } from '../assembly/construct-tree';
import type { JudgedFinding } from '../assembly/judgement';
import { judge } from '../assembly/judgement';
import { acknowledgementId } from '../policy/finding';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import type { ImageUse } from '../policy/image-use';
import { Policy } from '../policy/policy';
import { layersFor } from './layer-knowledge';
import { policyAt } from './policy-at';
import { StagesBelow } from './stages-below';
import { showsAnnotations } from './synthesis-mode';
import { today } from './today';
import { describe } from './violations';

/** The Stages that an aspect has come to, each judged once, when all aspects have had their say. */
export class GuardedStages {
  private readonly visited = new WeakMap<Stage, Set<string>>();
  private readonly left = new WeakMap<IConstruct, StagesBelow>();
  private readonly hidden = new WeakMap<IConstruct, StagesBelow>();

  /** @throws Error when the policy is not in order */
  public constructor(private readonly policy: DistrolessPolicy) {
    Policy.from(policy);
  }

  public visit(node: IConstruct): void {
    const stage = stageOf(node);
    if (!stage) return;
    this.pathsOf(stage).add(node.node.path);
    for (const child of node.node.children) if (Stage.isStage(child)) this.leaveBehind(child);
  }

  /** CDK synthesizes a Stage before it visits what is above, and does not visit the Stage again from there. */
  private leaveBehind(stage: Stage): void {
    if (!this.visited.get(stage)?.has(stage.node.path)) this.addTo(this.left, stage, false);
  }

  /** Has a Stage checked when all of the app has been written. */
  private addTo(checks: WeakMap<IConstruct, StagesBelow>, stage: Stage, summaryOnly: boolean): void {
    const { root } = stage.node;
    if (!Stage.isStage(root)) return;
    let stages = checks.get(root);
    if (!stages) checks.set(root, (stages = new StagesBelow(root, this.policy, summaryOnly)));
    stages.add(stage);
  }

  /** The constructs of a Stage that were visited; the first visit sees to it that there will be a judgement. */
  private pathsOf(stage: Stage): Set<string> {
    let paths = this.visited.get(stage);
    if (!paths) {
      this.visited.set(stage, (paths = new Set()));
      stage.node.addValidation({ validate: () => this.conclude(stage) });
      // The CLI shows the annotations of a Stage to those only who ask for that Stage.
      if (stage.parentStage) this.addTo(this.hidden, stage, true);
    }
    return paths;
  }

  /** Which uses of a Stage are below what the aspect was applied to: all of them, when it was the Stage itself or above. */
  private concernsOf(stage: Stage): ((use: ImageUse) => boolean) | undefined {
    const paths = this.pathsOf(stage);
    if (paths.has(stage.node.path)) return undefined;
    return ({ constructPath, stack }) => paths.has(constructPath ?? stack);
  }

  /** Annotates the constructs of a Stage with what is found; the answer is what keeps CDK from going on. */
  private conclude(stage: Stage): string[] {
    try {
      const concerns = this.concernsOf(stage);
      const [model, policy] = [readConstructTree(stage), policyAt(stage, this.policy)];
      const { findings } = judge(model, policy, today(), { concerns, ...layersFor(model, policy, stage.node.root) });
      const open = findings.filter((finding) => !finding.acknowledged);
      for (const finding of open) annotate(stage.node.root, finding);
      return showsAnnotations(stage) ? [] : open.filter(({ severity }) => severity === 'error').map(failure);
    } catch (error) {
      return [`the check for images without a shell could not run: ${(error as Error).message}`];
    }
  }
}

/** The id is appended as CDK does it; CDK's own way of adding warnings with an id cannot cope with its brackets. */
function annotate(root: IConstruct, finding: JudgedFinding): void {
  const { constructPath, stack } = finding.use;
  const annotations = Annotations.of(constructAt(root, constructPath ?? stack));
  const text = `${[describe(finding), `  fix: ${finding.fix}`].join('\n')} (${acknowledgementId(finding)})`;
  if (finding.severity === 'error') annotations.addError(text);
  else annotations.addWarning(text);
}

function failure(finding: JudgedFinding): string {
  const at = finding.use.constructPath ?? finding.use.stack;
  return [`${at}: ${acknowledgementId(finding)}  ${describe(finding)}`, `  fix: ${finding.fix}`].join('\n');
}

function constructAt(root: IConstruct, path: string): IConstruct {
  return path.split('/').reduce((construct, id) => construct.node.findChild(id), root);
}
