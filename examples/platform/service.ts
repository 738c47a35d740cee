import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import {
  AwsLogDriverMode,
  Capability,
  FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
  TmpfsMountOption,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DistrolessImage } from '../../lib';

/** Every service of the platform listens here. */
export const PORT = 8080;

export interface HardenedServiceProps {
  readonly cluster: ICluster;
  readonly image: DistrolessImage;
}

/** A service on Fargate that runs an image without a shell as it ought to be run, made of plain CDK constructs. */
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

  private taskDefinition(image: DistrolessImage): FargateTaskDefinition {
    const taskDefinition = new FargateTaskDefinition(this, 'Task', {
      cpu: 512,
      memoryLimitMiB: 1024,
      runtimePlatform: {
        cpuArchitecture: image.architecture,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    Validations.of(taskDefinition.obtainExecutionRole()).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken is for the whole registry; all else is for the repository and the log group',
    });
    taskDefinition.addContainer('app', {
      image: image.toContainerImage(),
      portMappings: [{ containerPort: PORT }],
      user: '65532:65532',
      readonlyRootFilesystem: true,
      linuxParameters: this.linuxParameters(),
      logging: this.logging(),
      stopTimeout: Duration.seconds(10),
    });
    return taskDefinition;
  }

  private linuxParameters(): LinuxParameters {
    const parameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    parameters.dropCapabilities(Capability.ALL);
    parameters.addTmpfs({
      containerPath: '/tmp',
      size: 64,
      mountOptions: [TmpfsMountOption.NOSUID, TmpfsMountOption.NODEV, TmpfsMountOption.NOEXEC],
    });
    return parameters;
  }

  private logging(): LogDriver {
    return LogDriver.awsLogs({
      streamPrefix: 'app',
      mode: AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
      logGroup: new LogGroup(this, 'Logs', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
  }
}
