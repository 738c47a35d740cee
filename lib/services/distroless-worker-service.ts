import type { Duration } from 'aws-cdk-lib';
import type * as applicationautoscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DebugSidecar } from './debug-sidecar';
import type { DistrolessTaskOptions } from './distroless-task-definition';
import { DistrolessTaskDefinition } from './distroless-task-definition';
import type { HealthProbe } from './health-probe';
import { patternProps } from './pattern-props';
import type { DistrolessServiceOptions } from './service-options';

/** What a `DistrolessWorkerService` is made of. */
export interface DistrolessWorkerServiceProps extends DistrolessTaskOptions, DistrolessServiceOptions {
  /**
   * The queue that the workers empty. They find it in QUEUE_NAME and QUEUE_URL.
   *
   * @default - a new one, encrypted, over TLS only, with a dead-letter queue
   */
  readonly queue?: sqs.IQueue;

  /**
   * How often a message is received before it goes to the dead-letter queue. Only without `queue`.
   *
   * @default 3
   */
  readonly maxReceiveCount?: number;

  /**
   * Time that a worker has for a message. Only without `queue`.
   *
   * @default Duration.seconds(30)
   */
  readonly visibilityTimeout?: Duration;

  /**
   * The least number of tasks.
   *
   * @default 1
   */
  readonly minScalingCapacity?: number;

  /**
   * The greatest number of tasks.
   *
   * @default 2
   */
  readonly maxScalingCapacity?: number;

  /**
   * How many tasks are added or removed at which number of messages.
   *
   * @default - those of CDK's `QueueProcessingFargateService`
   */
  readonly scalingSteps?: applicationautoscaling.ScalingInterval[];

  /**
   * Whether the worker is healthy; ECS asks it in the container.
   *
   * @default - a worker is healthy as long as it runs
   */
  readonly healthProbe?: HealthProbe;
}

/** A Fargate service that works off a queue and scales with it, with defaults that need no shell. */
export class DistrolessWorkerService extends Construct implements ec2.IConnectable, iam.IGrantable {
  /** The task that the service runs. */
  public readonly taskDefinition: DistrolessTaskDefinition;

  /** The ECS service. */
  public readonly service: ecs.FargateService;

  /** The queue. */
  public readonly queue: sqs.IQueue;

  /** Where messages go that cannot be worked off; undefined when `queue` was given. */
  public readonly deadLetterQueue?: sqs.IQueue;

  /** The cluster. */
  public readonly cluster: ecs.ICluster;

  /** The security groups of the tasks. */
  public readonly connections: ec2.Connections;

  /** The role of the tasks: what the app may do. */
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, props: DistrolessWorkerServiceProps) {
    super(scope, id);
    this.refuseQueueOptions(props);
    this.deadLetterQueue = props.queue ? undefined : new sqs.Queue(this, 'DeadLetters', { enforceSSL: true });
    this.queue = props.queue ?? this.newQueue(props, this.deadLetterQueue);
    this.taskDefinition = new DistrolessTaskDefinition(this, 'Task', {
      ...props,
      port: 0,
      environment: { QUEUE_NAME: this.queue.queueName, QUEUE_URL: this.queue.queueUrl, ...props.environment },
    });
    if (props.debugSidecar) {
      new DebugSidecar(this, 'DebugSidecar', { ...props.debugSidecar, taskDefinition: this.taskDefinition });
    }
    const { minScalingCapacity, maxScalingCapacity, scalingSteps } = props;
    const pattern = new patterns.QueueProcessingFargateService(this, 'Service', {
      ...patternProps(this, props),
      ...{ minScalingCapacity, maxScalingCapacity, scalingSteps },
      queue: this.queue,
      taskDefinition: this.taskDefinition,
    });
    ({ service: this.service, cluster: this.cluster } = pattern);
    this.connections = this.service.connections;
    this.grantPrincipal = this.taskDefinition.taskRole;
  }

  private refuseQueueOptions(props: DistrolessWorkerServiceProps): void {
    if (!props.queue || (props.maxReceiveCount === undefined && props.visibilityTimeout === undefined)) return;
    throw new Error(
      `${this.node.path}: maxReceiveCount and visibilityTimeout belong to the queue that this construct makes; set them on \`queue\``,
    );
  }

  private newQueue(props: DistrolessWorkerServiceProps, deadLetters?: sqs.IQueue): sqs.Queue {
    return new sqs.Queue(this, 'Queue', {
      enforceSSL: true,
      visibilityTimeout: props.visibilityTimeout,
      deadLetterQueue: deadLetters && { queue: deadLetters, maxReceiveCount: props.maxReceiveCount ?? 3 },
    });
  }
}
