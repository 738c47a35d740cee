import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  Stage,
} from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import type { ImageUse } from '../policy/image-use';
import { AssemblyCheck } from './assembly-check';
import { policyAt } from './policy-at';

/** Some Stages of an app, judged by what they have written. */
export class StagesBelow {
  private readonly paths = new Set<string>();

  /** @param summaryOnly whether the findings are on the constructs already, and only what the CLI does not show is to be told */
  public constructor(above: Stage, policy: DistrolessPolicy, summaryOnly: boolean) {
    const concerns = ({ constructPath, stack }: ImageUse) => this.includes(constructPath ?? stack);
    const check = new AssemblyCheck(policyAt(above, policy), concerns, summaryOnly);
    const plugins = [new Findings(check, 'error'), ...(summaryOnly ? [] : [new Findings(check, 'warning')])];
    Validations.of(above).addPlugins(...plugins);
  }

  public add(stage: Stage): void {
    this.paths.add(stage.node.path);
  }

  private includes(path: string): boolean {
    return [...this.paths].some((stage) => path === stage || path.startsWith(`${stage}/`));
  }
}

/** The findings of one severity, under the name that they are acknowledged by. */
export class Findings implements IPolicyValidationPlugin {
  public readonly name = 'Distroless';

  public constructor(
    private readonly check: AssemblyCheck,
    private readonly severity: 'error' | 'warning',
  ) {}

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.check.report(context, this.severity);
  }
}
