/** Four services in four languages, behind one load balancer, and not a shell among them. */
import type { Environment } from 'aws-cdk-lib';
import { App, Aspects, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ApplicationProtocol, ListenerAction, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { DistrolessAspect, DistrolessChecks } from '../../lib';
import { platformImages } from './images';
import { internalLoadBalancer, platformNetwork } from './network';
import { HardenedService, PORT } from './service';

export class PlatformStack extends Stack {
  public constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id, { env, description: 'Services without a shell' });
    const vpc = platformNetwork(this);
    const cluster = new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENHANCED });
    const listener = internalLoadBalancer(this, vpc).addListener('Http', {
      port: 80,
      open: false,
      defaultAction: ListenerAction.fixedResponse(404),
    });
    Object.entries(platformImages(this)).forEach(([path, image], index) => {
      const id = path[0].toUpperCase() + path.slice(1);
      const { service } = new HardenedService(this, id, { cluster, image });
      route(listener, path, index + 1, service);
    });
  }
}

/** Requests below a path go to a service. */
function route(
  listener: ApplicationListener,
  path: string,
  priority: number,
  service: HardenedService['service'],
): void {
  listener.addTargets(path, {
    priority,
    conditions: [ListenerCondition.pathPatterns([`/${path}`, `/${path}/*`])],
    port: PORT,
    protocol: ApplicationProtocol.HTTP,
    targets: [service],
    healthCheck: { path: '/healthz', interval: Duration.seconds(15) },
    deregistrationDelay: Duration.seconds(15),
  });
}

/** Defines the platform and whatever watches over it. */
export function platform(app: App): PlatformStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new DistrolessChecks(app));
  Aspects.of(app).add(new DistrolessAspect());
  const stack = new PlatformStack(app, 'Platform', { region: 'eu-west-1' });
  Validations.of(stack).acknowledge({
    id: 'Distroless::UnpinnedBase[app]',
    reason: 'each build is to have the newest security updates of its base',
  });
  return stack;
}

if (require.main === module) {
  platform(new App());
}
