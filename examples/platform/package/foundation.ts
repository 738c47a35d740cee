import { RemovalPolicy } from 'aws-cdk-lib';
import { FlowLogDestination, IpAddresses, Peer, Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationListener, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ApplicationLoadBalancer, ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { SharedListener } from '../../../lib';

const CIDR = '10.0.0.0/16';

/** What all services stand on: a network, a cluster, and one load balancer that only the network itself can reach. */
export class Foundation extends Construct {
  /** Where tasks run. */
  public readonly cluster: Cluster;

  private readonly listener: ApplicationListener;
  private rules = 0;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = this.network();
    this.cluster = new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENHANCED });
    this.listener = this.loadBalancer(vpc).addListener('Http', {
      port: 80,
      open: false,
      defaultAction: ListenerAction.fixedResponse(404),
    });
  }

  /** The next free place at the load balancer, for the requests that meet some conditions. */
  public place(...conditions: ListenerCondition[]): SharedListener {
    this.rules += 1;
    return { listener: this.listener, conditions, priority: this.rules };
  }

  /** A network whose traffic is logged. */
  private network(): Vpc {
    return new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      maxAzs: 2,
      natGateways: 1,
      flowLogs: { all: { destination: FlowLogDestination.toCloudWatchLogs() } },
    });
  }

  private loadBalancer(vpc: Vpc): ApplicationLoadBalancer {
    const loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing: false,
      dropInvalidHeaderFields: true,
    });
    loadBalancer.connections.allowFrom(Peer.ipv4(CIDR), Port.tcp(80), 'the network itself');
    loadBalancer.logAccessLogs(this.logBucket());
    return loadBalancer;
  }

  private logBucket(): Bucket {
    return new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsPrefix: 'self/',
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
