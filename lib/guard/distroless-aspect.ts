import type { IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import { GuardedStages } from './guarded-stages';

/**
 * Holds what it is applied to against the rules for images without a shell: errors and warnings on the constructs that run images.
 *
 * ```ts
 * Aspects.of(app).add(new DistrolessAspect());
 * ```
 *
 * `cdk synth` exits 1, and so does plain `app.synth()`. CDK does not carry aspects into Stages; the Stages below are held against
 * the same rules by a validation report. A finding is acknowledged as that of {@link DistrolessChecks} is.
 */
export class DistrolessAspect implements IAspect {
  private readonly stages: GuardedStages;

  /** @param policy What is demanded of images. */
  public constructor(policy: DistrolessPolicy = {}) {
    this.stages = new GuardedStages(policy);
  }

  /** Takes note of a construct; judgement waits until all aspects have had their say. */
  public visit(node: IConstruct): void {
    this.stages.visit(node);
  }
}
