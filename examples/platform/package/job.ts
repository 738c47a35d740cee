import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct } from 'constructs';
import { DistrolessScheduledTask } from '../../../lib';
import { acknowledgeStopping, acknowledgeTask } from './acknowledgements';
import { PlatformGuard } from './guard';
import type { TemplateProps } from './template';
import { taskOptions } from './template';

export interface JobProps extends TemplateProps {
  /** When it runs: `rate(1 hour)` or `cron(0 3 * * ? *)`, in UTC. */
  readonly schedule: string;
}

/** A task that runs on a schedule and ends. */
export class Job extends Construct {
  public readonly task: DistrolessScheduledTask;

  public constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id);
    PlatformGuard.over(this);
    this.task = new DistrolessScheduledTask(this, 'Task', {
      ...taskOptions(this, props),
      cluster: props.foundation.cluster,
      schedule: Schedule.expression(props.schedule),
    });
    acknowledgeTask(this.task.taskDefinition);
    acknowledgeStopping(this, props.foundation.cluster);
  }
}
