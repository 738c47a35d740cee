import type { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { Stage, Validations } from 'aws-cdk-lib';
import { NagPack } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { readConstructTree, stageOf } from '../assembly/construct-tree';
import type { JudgedFinding } from '../assembly/judgement';
import { judge } from '../assembly/judgement';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import type { ImageUse } from '../policy/image-use';
import type { Policy } from '../policy/policy';
import { RULES } from '../policy/rules';
import { AssemblyCheck } from './assembly-check';
import { knownLayers } from './layer-knowledge';
import { policyAt } from './policy-at';
import { Findings } from './stages-below';
import { today } from './today';
import { validationReport } from './validation-report';

/**
 * The rules for images without a shell, as a rule pack that stands beside cdk-nag's own.
 *
 * ```ts
 * Validations.of(app).addPlugins(new DistrolessChecks(app));
 * ```
 *
 * It reads the templates that CDK has written, and so sees property overrides, included templates, generic resources, nested
 * stacks and Stages. A finding is acknowledged by its id, `Distroless::Shell[web]`, at the resource, its container or above.
 */
export class DistrolessChecks extends NagPack {
  /** Name of the pack; the first part of the ids that findings are acknowledged by. */
  public readonly name: string = 'Distroless';

  /** Ids of all rules. */
  public override readonly ruleIds?: string[] = RULES.map((rule) => rule.id);

  private readonly check: AssemblyCheck;
  private readonly policy: Policy;

  /**
   * @param scope The app or Stage that the pack is for. Its warnings are reported there, apart from the errors.
   * @param policy What is demanded of images.
   * @throws Error when the policy is not in order.
   */
  public constructor(scope: IConstruct, policy: DistrolessPolicy = {}) {
    super(scope);
    this.packName = this.name;
    this.policy = policyAt(scope, policy);
    this.check = new AssemblyCheck(this.policy);
    Validations.of(scope).addPlugins(new Findings(this.check, 'warning'));
  }

  /**
   * Judges what CDK has written.
   *
   * It never throws: the CLI shows nothing of a plugin that throws, and exits 0.
   */
  public override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.check.report(context, 'error');
  }

  /** Judges constructs without a synthesis, for unit tests. What was acknowledged is left out. */
  public override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const stages = [stageOf(scope), ...scope.node.findAll().filter((construct) => Stage.isStage(construct))];
    const findings = [...new Set(stages)].flatMap((stage) => (stage ? judgeTree(stage, scope, this.policy) : []));
    return validationReport(findings.filter((finding) => !finding.acknowledged));
  }

  /** Called for each resource by packs that look at constructs, which this one does not. */
  protected checkResource(node: CfnResource): void {
    void node;
  }
}

/** The findings of one Stage, as far as they are about constructs below a scope. */
function judgeTree(stage: Stage, scope: IConstruct, policy: Policy): readonly JudgedFinding[] {
  const below = new Set(scope.node.findAll().map((construct) => construct.node.path));
  const concerns = ({ constructPath, stack }: ImageUse) => below.has(constructPath ?? stack);
  return judge(readConstructTree(stage), policy, today(), { concerns, ...knownLayers() }).findings;
}
