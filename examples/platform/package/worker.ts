import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DebugSidecarOptions } from '../../../lib';
import { DistrolessWorkerService } from '../../../lib';
import { acknowledgeExecution, acknowledgeTask } from './acknowledgements';
import { PlatformGuard } from './guard';
import type { TemplateProps } from './template';
import { taskOptions } from './template';

export interface WorkerProps extends TemplateProps {
  /**
   * Seconds that a task has for a message.
   *
   * @default 30
   */
  readonly visibilitySeconds?: number;

  /**
   * The greatest number of tasks.
   *
   * @default 4
   */
  readonly maxTasks?: number;

  /**
   * A shell beside it, for a while.
   *
   * @default - none
   */
  readonly debug?: Pick<DebugSidecarOptions, 'reason' | 'expires'>;
}

/** A service that works off a queue of its own, which it finds in QUEUE_URL. */
export class Worker extends Construct {
  public readonly service: DistrolessWorkerService;

  public constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    PlatformGuard.over(this);
    this.service = new DistrolessWorkerService(this, 'Service', {
      ...taskOptions(this, props),
      cluster: props.foundation.cluster,
      visibilityTimeout: Duration.seconds(props.visibilitySeconds ?? 30),
      maxScalingCapacity: props.maxTasks ?? 4,
      debugSidecar: props.debug,
    });
    acknowledgeTask(this.service.taskDefinition);
    if (props.debug) acknowledgeExecution(this.service.taskDefinition);
  }
}
