import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as applicationautoscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { defaultCluster } from './distroless-cluster';
import type { DistrolessTaskOptions } from './distroless-task-definition';
import { DistrolessTaskDefinition } from './distroless-task-definition';

/** What a `DistrolessScheduledTask` is made of. */
export interface DistrolessScheduledTaskProps extends DistrolessTaskOptions {
  /** When the task is run. */
  readonly schedule: applicationautoscaling.Schedule;

  /**
   * The cluster. Its container insights are yours to turn on (Security Hub's ECS.12); that of the default cluster is on.
   *
   * @default - one cluster a stack, in `vpc`
   */
  readonly cluster?: ecs.ICluster;

  /**
   * The network of the default cluster. Not together with `cluster`.
   *
   * @default - a new VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the task.
   *
   * @default - the private subnets; in public subnets the task would get a public address
   */
  readonly taskSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the task.
   *
   * @default - a new one
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Whether the schedule is on.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How many tasks are run each time.
   *
   * @default 1
   */
  readonly taskCount?: number;
}

/** A Fargate task that runs on a schedule, with defaults that need no shell. */
export class DistrolessScheduledTask extends Construct implements iam.IGrantable {
  /** The task. */
  public readonly taskDefinition: DistrolessTaskDefinition;

  /** The rule that runs it. */
  public readonly rule: events.Rule;

  /** The cluster. */
  public readonly cluster: ecs.ICluster;

  /** The role of the task: what the app may do. */
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, props: DistrolessScheduledTaskProps) {
    super(scope, id);
    this.taskDefinition = new DistrolessTaskDefinition(this, 'Task', { ...props, port: 0 });
    this.cluster = props.cluster ?? defaultCluster(this, props.vpc);
    const { schedule, enabled, securityGroups, taskSubnets } = props;
    this.rule = new patterns.ScheduledFargateTask(this, 'Schedule', {
      ...{ schedule, enabled, securityGroups },
      cluster: this.cluster,
      desiredTaskCount: props.taskCount,
      subnetSelection: taskSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      scheduledFargateTaskDefinitionOptions: { taskDefinition: this.taskDefinition },
    }).eventRule;
    this.grantPrincipal = this.taskDefinition.taskRole;
  }
}
