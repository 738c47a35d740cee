import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

const DEFAULT_CLUSTER_ID = 'DistrolessDefaultCluster';

/** The cluster that the services of a stack share when they name none: one for each network, with container insights on. */
export function defaultCluster(scope: Construct, vpc?: ec2.IVpc): ecs.ICluster {
  const stack = Stack.of(scope);
  const id = `${DEFAULT_CLUSTER_ID}${vpc?.node.id ?? ''}`;
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing as ecs.Cluster;
  return new ecs.Cluster(stack, id, { vpc, containerInsightsV2: ecs.ContainerInsights.ENHANCED });
}
