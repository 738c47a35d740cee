import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { behindOwnListener, behindSharedListener } from './balanced-service';
import { DebugSidecar } from './debug-sidecar';
import type { DistrolessTaskOptions } from './distroless-task-definition';
import { DistrolessTaskDefinition } from './distroless-task-definition';
import { DEFAULT_PORT } from './hardened-container';
import { HealthProbe } from './health-probe';
import type { DistrolessServiceOptions } from './service-options';
import type { SharedListener } from './shared-listener';

/** What a `DistrolessFargateService` is made of. */
export interface DistrolessFargateServiceProps extends DistrolessTaskOptions, DistrolessServiceOptions {
  /**
   * The port that the container listens on. A user other than root cannot listen below 1024.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * Whether the app is healthy: asked by the load balancer, and by ECS in the container where the image can run it.
   *
   * @default HealthProbe.http() - GET /healthz
   */
  readonly healthProbe?: HealthProbe;

  /**
   * Whether ECS runs the probe in the container as well.
   *
   * @default - true where the image has something to run it with
   */
  readonly containerHealthCheck?: boolean;

  /**
   * Number of tasks.
   *
   * @default - 1 at first; later left as it is, so that scaling is not undone
   */
  readonly desiredCount?: number;

  /**
   * The certificate of the listener. With it the listener speaks HTTPS, and HTTP is redirected.
   *
   * @default - one is made for `domainName`, where that is given
   */
  readonly certificate?: acm.ICertificate;

  /**
   * The name under which the service is reached, in `domainZone`.
   *
   * @default - that of the load balancer
   */
  readonly domainName?: string;

  /**
   * The hosted zone of `domainName`.
   *
   * @default - none
   */
  readonly domainZone?: route53.IHostedZone;

  /**
   * Whether the load balancer faces the internet.
   *
   * @default - true with a certificate or a domain name, else false: nothing is served to the internet in plain text
   */
  readonly publicLoadBalancer?: boolean;

  /**
   * A load balancer that is there already.
   *
   * @default - a new one
   */
  readonly loadBalancer?: elbv2.IApplicationLoadBalancer;

  /**
   * Where a new load balancer writes its access logs. The stack needs a concrete region for it.
   *
   * @default - nowhere
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * Whether anyone may reach the listener, as far as the network lets them.
   *
   * @default - true for a load balancer that faces the internet, else false: allow clients through `connections` of the load balancer
   */
  readonly openListener?: boolean;

  /**
   * A listener that the service shares with others. What concerns the listener is set there, not here.
   *
   * @default - a listener of its own, on port 443 with a certificate and on port 80 without
   */
  readonly sharedListener?: SharedListener;

  /**
   * The protocol version between load balancer and tasks; `GRPC` for gRPC services.
   *
   * @default ApplicationProtocolVersion.HTTP1
   */
  readonly protocolVersion?: elbv2.ApplicationProtocolVersion;

  /**
   * Time after the start of a task in which the load balancer's verdict does not count.
   *
   * @default Duration.seconds(60)
   */
  readonly healthCheckGracePeriod?: Duration;
}

/**
 * A Fargate service behind an Application Load Balancer, with defaults that need no shell.
 *
 * Composed of CDK's `ApplicationLoadBalancedFargateService` and a `DistrolessTaskDefinition`; the parts are there to be used. Services
 * that share a load balancer take a `sharedListener` each.
 */
export class DistrolessFargateService extends Construct implements ec2.IConnectable, iam.IGrantable {
  /** The task that the service runs. */
  public readonly taskDefinition: DistrolessTaskDefinition;

  /** The ECS service. */
  public readonly service: ecs.FargateService;

  /** The load balancer. */
  public readonly loadBalancer: elbv2.IApplicationLoadBalancer;

  /** The listener that serves the app. */
  public readonly listener: elbv2.ApplicationListener;

  /** The target group of the tasks. */
  public readonly targetGroup: elbv2.ApplicationTargetGroup;

  /** The cluster. */
  public readonly cluster: ecs.ICluster;

  /** The security groups of the tasks. */
  public readonly connections: ec2.Connections;

  /** The role of the tasks: what the app may do. */
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, props: DistrolessFargateServiceProps) {
    super(scope, id);
    const probe = props.healthProbe ?? HealthProbe.http();
    this.taskDefinition = new DistrolessTaskDefinition(this, 'Task', {
      ...props,
      port: props.port ?? DEFAULT_PORT,
      healthProbe: inContainer(props, probe) ? probe : undefined,
    });
    if (props.debugSidecar) {
      new DebugSidecar(this, 'DebugSidecar', { ...props.debugSidecar, taskDefinition: this.taskDefinition });
    }
    const balanced = props.sharedListener
      ? behindSharedListener(this, this.taskDefinition, props, props.sharedListener)
      : behindOwnListener(this, this.taskDefinition, props);
    ({
      service: this.service,
      cluster: this.cluster,
      loadBalancer: this.loadBalancer,
      listener: this.listener,
      targetGroup: this.targetGroup,
    } = balanced);
    this.connections = this.service.connections;
    this.grantPrincipal = this.taskDefinition.taskRole;
    const check = probe.toTargetGroupHealthCheck();
    if (check) this.targetGroup.configureHealthCheck(check);
  }
}

function inContainer(props: DistrolessFargateServiceProps, probe: HealthProbe): boolean {
  return props.containerHealthCheck ?? probe._runsIn(props.image);
}
