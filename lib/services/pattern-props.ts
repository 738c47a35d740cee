import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { defaultCluster } from './distroless-cluster';
import type { DistrolessServiceOptions } from './service-options';
import { reportWeakening } from './weakening';

/** The options of CDK's service patterns that all our services set alike. */
interface PatternProps {
  readonly cluster: ecs.ICluster;
  readonly serviceName?: string;
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
  readonly circuitBreaker: ecs.DeploymentCircuitBreaker;
  readonly capacityProviderStrategies?: ecs.CapacityProviderStrategy[];
  readonly taskSubnets?: ec2.SubnetSelection;
  readonly securityGroups?: ec2.ISecurityGroup[];
  readonly assignPublicIp: boolean;
  readonly propagateTags: ecs.PropagatedTagSource;
  readonly enableExecuteCommand: boolean;
}

/** Our defaults, for CDK's patterns; the weak choices among them are reported. */
export function patternProps(scope: Construct, options: DistrolessServiceOptions): PatternProps {
  reportWeakChoices(scope, options);
  const { vpc, serviceName, capacityProviderStrategies, taskSubnets, securityGroups } = options;
  return {
    ...{ serviceName, capacityProviderStrategies, taskSubnets, securityGroups },
    cluster: options.cluster ?? defaultCluster(scope, vpc),
    minHealthyPercent: options.minHealthyPercent ?? 100,
    maxHealthyPercent: options.maxHealthyPercent ?? 200,
    circuitBreaker: options.circuitBreaker ?? { enable: true, rollback: true },
    assignPublicIp: options.assignPublicIp ?? false,
    propagateTags: options.propagateTags ?? ecs.PropagatedTagSource.SERVICE,
    enableExecuteCommand: options.enableExecuteCommand ?? options.debugSidecar !== undefined,
  };
}

function reportWeakChoices(scope: Construct, options: DistrolessServiceOptions): void {
  if (options.assignPublicIp) reportWeakening(scope, 'PublicIp', 'the tasks of the service get public addresses');
  if (options.circuitBreaker?.enable === false) {
    reportWeakening(scope, 'NoCircuitBreaker', 'a deployment whose tasks do not become healthy goes on for hours');
  }
}
