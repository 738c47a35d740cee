import { Duration, Validations } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { DistrolessImage } from '../../lib';
import { DistrolessTaskDefinition, HealthProbe } from '../../lib';

/** Every service of the platform listens here. */
export const PORT = 8080;

export interface HardenedServiceProps {
  readonly cluster: ICluster;
  readonly image: DistrolessImage;
}

/**
 * A service on Fargate behind the load balancer that the platform shares.
 *
 * A service with a load balancer of its own is one line less: `DistrolessFargateService`.
 */
export class HardenedService extends Construct {
  public readonly service: FargateService;

  public constructor(scope: Construct, id: string, props: HardenedServiceProps) {
    super(scope, id);
    this.service = new FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: this.taskDefinition(props.image),
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100,
      desiredCount: 2,
    });
  }

  private taskDefinition(image: DistrolessImage): DistrolessTaskDefinition {
    const taskDefinition = new DistrolessTaskDefinition(this, 'Task', {
      image,
      cpu: 512,
      memoryLimitMiB: 1024,
      port: PORT,
      healthProbe: HealthProbe.http({ path: '/healthz' }),
      stopTimeout: Duration.seconds(10),
    });
    Validations.of(taskDefinition.obtainExecutionRole()).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken is for the whole registry; all else is for the repository and the log group',
    });
    return taskDefinition;
  }
}
