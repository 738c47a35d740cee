import { RemovalPolicy } from 'aws-cdk-lib';
import { FlowLogDestination, IpAddresses, Peer, Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

const CIDR = '10.0.0.0/16';

/** A network whose traffic is logged. */
export function platformNetwork(scope: Construct): Vpc {
  return new Vpc(scope, 'Vpc', {
    ipAddresses: IpAddresses.cidr(CIDR),
    maxAzs: 2,
    natGateways: 1,
    flowLogs: { all: { destination: FlowLogDestination.toCloudWatchLogs() } },
  });
}

/** A load balancer that only the network itself can reach, and that logs who did. */
export function internalLoadBalancer(scope: Construct, vpc: Vpc): ApplicationLoadBalancer {
  const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', { vpc, internetFacing: false });
  loadBalancer.connections.allowFrom(Peer.ipv4(CIDR), Port.tcp(80), 'the network itself');
  loadBalancer.logAccessLogs(logBucket(scope));
  return loadBalancer;
}

function logBucket(scope: Construct): Bucket {
  return new Bucket(scope, 'AccessLogs', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    serverAccessLogsPrefix: 'self/',
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
