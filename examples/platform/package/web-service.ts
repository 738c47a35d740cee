import { Duration } from 'aws-cdk-lib';
import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { DebugSidecarOptions } from '../../../lib';
import { DistrolessFargateService, HealthProbe } from '../../../lib';
import { acknowledgeExecution, acknowledgeTask } from './acknowledgements';
import { PlatformGuard } from './guard';
import type { TemplateProps } from './template';
import { taskOptions } from './template';

export interface WebServiceProps extends TemplateProps {
  /** The path at the load balancer below which its requests are: `/quotes`. */
  readonly path: string;

  /**
   * The path that says whether it is healthy.
   *
   * @default '/healthz'
   */
  readonly health?: string;

  /**
   * The least number of tasks.
   *
   * @default 2
   */
  readonly minTasks?: number;

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

/** A service that answers requests on port 8080, behind the load balancer of the platform. */
export class WebService extends Construct {
  public readonly service: DistrolessFargateService;

  public constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    PlatformGuard.over(this);
    const { foundation, path, minTasks = 2, maxTasks = Math.max(4, minTasks) } = props;
    this.service = new DistrolessFargateService(this, 'Service', {
      ...taskOptions(this, props),
      cluster: foundation.cluster,
      sharedListener: foundation.place(ListenerCondition.pathPatterns([path, `${path}/*`])),
      healthProbe: HealthProbe.http({ path: props.health }),
      stopTimeout: Duration.seconds(15),
      debugSidecar: props.debug,
    });
    this.service.targetGroup.setAttribute('deregistration_delay.timeout_seconds', '15');
    const scaling = this.service.service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
    acknowledgeTask(this.service.taskDefinition);
    if (props.debug) acknowledgeExecution(this.service.taskDefinition);
  }
}
