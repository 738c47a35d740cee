import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { DistrolessFargateServiceProps } from './distroless-fargate-service';
import { patternProps } from './pattern-props';
import type { SharedListener } from './shared-listener';
import { reportWeakening } from './weakening';

/** A service and what balances the load on it. */
export interface BalancedService {
  readonly service: ecs.FargateService;
  readonly cluster: ecs.ICluster;
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
  readonly listener: elbv2.ApplicationListener;
  readonly targetGroup: elbv2.ApplicationTargetGroup;
}

/** A service behind a listener of its own. */
export function behindOwnListener(
  scope: Construct,
  taskDefinition: ecs.FargateTaskDefinition,
  props: DistrolessFargateServiceProps,
): BalancedService {
  const tls = props.certificate !== undefined || props.domainName !== undefined;
  const publicLoadBalancer = props.publicLoadBalancer ?? tls;
  if (publicLoadBalancer && !tls) reportPlainHttp(scope);
  const { certificate, domainName, domainZone, loadBalancer, desiredCount, protocolVersion, healthCheckGracePeriod } =
    props;
  const pattern = new patterns.ApplicationLoadBalancedFargateService(scope, 'Service', {
    ...patternProps(scope, props),
    ...{ certificate, domainName, domainZone, loadBalancer, desiredCount, protocolVersion, healthCheckGracePeriod },
    taskDefinition,
    publicLoadBalancer,
    openListener: props.openListener ?? publicLoadBalancer,
    protocol: tls ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP,
    redirectHTTP: tls,
    sslPolicy: tls ? elbv2.SslPolicy.RECOMMENDED_TLS : undefined,
  });
  const { service, cluster, listener, targetGroup } = pattern;
  return {
    ...{ service, cluster, listener, targetGroup },
    loadBalancer: loadBalancer ?? configured(pattern.loadBalancer, props),
  };
}

/** Headers that proxies and apps read differently do not get through (Security Hub's ELB.4). */
function configured(
  loadBalancer: elbv2.ApplicationLoadBalancer,
  props: DistrolessFargateServiceProps,
): elbv2.ApplicationLoadBalancer {
  loadBalancer.setAttribute('routing.http.drop_invalid_header_fields.enabled', 'true');
  if (props.accessLogsBucket) loadBalancer.logAccessLogs(props.accessLogsBucket);
  return loadBalancer;
}

function reportPlainHttp(scope: Construct): void {
  const change = 'give a certificate or a domain name, or leave publicLoadBalancer away';
  reportWeakening(scope, 'PlainHttp', `the load balancer serves the internet in plain text; ${change}`);
}

/** What is decided by whoever makes the listener. */
const OF_THE_LISTENER = [
  ...(['certificate', 'domainName', 'domainZone'] as const),
  ...(['loadBalancer', 'publicLoadBalancer', 'openListener', 'accessLogsBucket'] as const),
];

/** A service behind a listener that is there already; target group and rule are made here. */
export function behindSharedListener(
  scope: Construct,
  taskDefinition: ecs.FargateTaskDefinition,
  props: DistrolessFargateServiceProps,
  place: SharedListener,
): BalancedService {
  refuseListenerOptions(scope, props);
  const service = new ecs.FargateService(scope, 'Service', {
    ...patternProps(scope, props),
    taskDefinition,
    desiredCount: props.desiredCount,
    healthCheckGracePeriod: props.healthCheckGracePeriod,
    vpcSubnets: props.taskSubnets,
  });
  const targetGroup = new elbv2.ApplicationTargetGroup(scope, 'Targets', {
    vpc: service.cluster.vpc,
    protocol: elbv2.ApplicationProtocol.HTTP,
    protocolVersion: props.protocolVersion,
    targets: [service],
  });
  const action = elbv2.ListenerAction.forward([targetGroup]);
  new elbv2.ApplicationListenerRule(scope, 'Rule', { ...place, action });
  const { listener } = place;
  return { service, cluster: service.cluster, listener, targetGroup, loadBalancer: listener.loadBalancer };
}

function refuseListenerOptions(scope: Construct, props: DistrolessFargateServiceProps): void {
  const given = OF_THE_LISTENER.filter((name) => props[name] !== undefined);
  if (given.length === 0) return;
  throw new Error(
    `${scope.node.path}: ${given.join(', ')}: belongs to the listener that the service shares; set it there`,
  );
}
