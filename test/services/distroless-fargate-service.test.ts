import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DistrolessBase } from '../../lib/bases/distroless-base';
import type { DistrolessFargateServiceProps } from '../../lib/services/distroless-fargate-service';
import { DistrolessFargateService } from '../../lib/services/distroless-fargate-service';
import { HealthProbe } from '../../lib/services/health-probe';
import type { TestImageProps } from './test-image';
import { TestImage } from './test-image';

const ENV = { account: '123456789012', region: 'eu-west-1' };

function certificate(stack: Stack) {
  return Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/example');
}

function define(
  props: (stack: Stack) => Partial<DistrolessFargateServiceProps> = () => ({}),
  image: TestImageProps = {},
) {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const vpc = new Vpc(stack, 'Vpc');
  const service = new DistrolessFargateService(stack, 'Api', {
    vpc,
    image: new TestImage(stack, 'Image', image),
    ...props(stack),
  });
  return { stack, service, vpc };
}

const template = (...args: Parameters<typeof define>) => Template.fromStack(define(...args).stack);

describe('a service, by default', () => {
  test('keeps all its tasks during a deployment, and goes back when the new ones do not become healthy', () => {
    template().hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      EnableExecuteCommand: false,
      LaunchType: 'FARGATE',
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      PropagateTags: 'SERVICE',
      HealthCheckGracePeriodSeconds: 60,
      PlatformVersion: Match.absent(),
    });
  });

  test('is reached from inside only, as nothing encrypts what it serves', () => {
    const inside = template();
    inside.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    inside.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTP', Port: 80 });
    inside.allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  test('refuses requests with odd headers', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
      ]),
    });
  });

  test('is asked for its health by the load balancer, on its own port', () => {
    const asked = template();
    asked.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: '/healthz',
      Matcher: { HttpCode: '200-299' },
      TargetType: 'ip',
    });
    asked.hasResourceProperties('AWS::ECS::Service', {
      LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080 }],
    });
  });

  test('is asked for its health in the container where the image can run the probe', () => {
    const node = template(undefined, { base: DistrolessBase.NODEJS_24 });
    node.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ HealthCheck: { Command: Match.arrayWith(['CMD', '/nodejs/bin/node', '/healthz']) } }],
    });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ HealthCheck: Match.absent() }],
    });
  });

  test('runs in a cluster with container insights', () => {
    template().hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }],
    });
  });

  test('warns of nothing', () => {
    expect(Annotations.fromStack(define().stack).findWarning('*', Match.stringLikeRegexp('Distroless'))).toEqual([]);
  });
});

describe('a service with a certificate', () => {
  test('faces the internet over TLS, and sends plain requests there', () => {
    const tls = template((stack) => ({ certificate: certificate(stack) }));
    tls.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
    tls.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS', Port: 443 });
    tls.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443' } }],
    });
  });

  test('can stay inside', () => {
    const inside = template((stack) => ({ certificate: certificate(stack), publicLoadBalancer: false }));
    inside.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    inside.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS' });
  });

  test('gets one for its domain name', () => {
    const named = template((stack) => ({
      domainName: 'api.example.com',
      domainZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
    }));
    named.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'api.example.com' });
    named.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.' });
    named.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
  });
});

describe('a service, weakened', () => {
  test('serves the internet in plain text, and says so', () => {
    const { stack } = define(() => ({ publicLoadBalancer: true }));
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('serves the internet in plain text; give a certificate'),
    );
  });

  test('has public addresses, and says so', () => {
    const { stack } = define(() => ({ assignPublicIp: true }));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('get public addresses'));
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } },
    });
  });

  test('has no circuit breaker, and says so', () => {
    const { stack } = define(() => ({ circuitBreaker: { enable: false } }));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('goes on for hours'));
  });

  test('has ECS Exec on', () => {
    template(() => ({ enableExecuteCommand: true })).hasResourceProperties('AWS::ECS::Service', {
      EnableExecuteCommand: true,
    });
  });
});

describe('a service, changed', () => {
  test('listens on another port, and is asked another path', () => {
    const changed = template(() => ({ port: 9000, healthProbe: HealthProbe.http({ path: '/ready' }) }));
    changed.hasResourceProperties('AWS::ECS::Service', { LoadBalancers: [{ ContainerPort: 9000 }] });
    changed.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: '/ready' });
  });

  test('is asked in the container although the image cannot: fails', () => {
    expect(() => define(() => ({ containerHealthCheck: true }))).toThrow('can run a health probe');
  });

  test('is not asked in the container although the image could', () => {
    const image = { base: DistrolessBase.NODEJS_24 };
    template(() => ({ containerHealthCheck: false }), image).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ HealthCheck: Match.absent() }],
    });
  });

  test('speaks gRPC', () => {
    const grpc = template((stack) => ({
      certificate: certificate(stack),
      protocolVersion: elbv2.ApplicationProtocolVersion.GRPC,
      healthProbe: HealthProbe.grpc(),
    }));
    grpc.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { ProtocolVersion: 'GRPC' });
  });

  test('uses what is there: cluster, security group, load balancer, spot capacity, counts', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const vpc = new Vpc(stack, 'Vpc');
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc, enableFargateCapacityProviders: true });
    const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc });
    const service = new DistrolessFargateService(stack, 'Api', {
      cluster,
      image: new TestImage(stack, 'Image'),
      loadBalancer,
      securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
      capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      desiredCount: 3,
      minHealthyPercent: 50,
      maxHealthyPercent: 150,
      serviceName: 'api',
    });
    expect(service.loadBalancer).toBe(loadBalancer);
    const shared = Template.fromStack(stack);
    shared.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    shared.resourceCountIs('AWS::ECS::Cluster', 1);
    shared.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
      DesiredCount: 3,
      ServiceName: 'api',
      DeploymentConfiguration: { MinimumHealthyPercent: 50, MaximumPercent: 150 },
    });
  });
});

describe('the parts of a service', () => {
  test('take grants and connections', () => {
    const { stack, service, vpc } = define();
    new Bucket(stack, 'Bucket').grantRead(service);
    service.connections.allowFrom(new SecurityGroup(stack, 'Client', { vpc }), Port.tcp(8080));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'] })]),
      },
      Roles: [{ Ref: Match.stringLikeRegexp('ApiTaskTaskRole') }],
    });
  });

  test('share the default cluster of their network', () => {
    const { stack, vpc } = define();
    new DistrolessFargateService(stack, 'Second', { vpc, image: new TestImage(stack, 'SecondImage') });
    Template.fromStack(stack).resourceCountIs('AWS::ECS::Cluster', 1);
  });
});

test('two syntheses of the same service are the same', () => {
  expect(template().toJSON()).toEqual(template().toJSON());
});

describe('services that share a listener', () => {
  function shared(props: Partial<DistrolessFargateServiceProps> = {}) {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const vpc = new Vpc(stack, 'Vpc');
    const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc });
    const defaultAction = elbv2.ListenerAction.fixedResponse(404);
    const listener = loadBalancer.addListener('Http', { port: 80, open: false, defaultAction });
    const image = new TestImage(stack, 'Image');
    const services = ['a', 'b'].map((path, index) => {
      const conditions = [elbv2.ListenerCondition.pathPatterns([`/${path}/*`])];
      const sharedListener = { listener, conditions, priority: index + 1 };
      return new DistrolessFargateService(stack, path, { vpc, image, sharedListener, ...props });
    });
    return { stack, services, loadBalancer, listener };
  }

  test('make neither a load balancer nor a listener, and are found by their conditions', () => {
    const { stack, services, loadBalancer, listener } = shared();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: [{ Type: 'forward' }],
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/b/*'] } }],
      Priority: 2,
    });
    expect(services.map((service) => [service.loadBalancer, service.listener])).toEqual([
      [loadBalancer, listener],
      [loadBalancer, listener],
    ]);
  });

  test('are deployed, asked for their health and reached as those with a listener of their own', () => {
    const template = Template.fromStack(shared().stack);
    template.allResourcesProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      HealthCheckGracePeriodSeconds: 60,
      LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080 }],
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      PropagateTags: 'SERVICE',
    });
    template.allResourcesProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: '/healthz',
      Protocol: 'HTTP',
      TargetType: 'ip',
    });
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 8080, ToPort: 8080 }, 2);
  });

  test('refuse what belongs to the listener', () => {
    expect(() => shared({ publicLoadBalancer: true, openListener: true })).toThrow(
      'Test/a: publicLoadBalancer, openListener: belongs to the listener that the service shares; set it there',
    );
  });
});
