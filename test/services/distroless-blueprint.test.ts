import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import { DistrolessBlueprint } from '../../lib/services/distroless-blueprint';
import type { DistrolessBlueprintOptions } from '../../lib/services/distroless-blueprint';
import { DistrolessTaskDefinition } from '../../lib/services/distroless-task-definition';
import { TestImage } from './test-image';

const image = ecs.ContainerImage.fromRegistry('gcr.io/distroless/static-debian13:nonroot');

function appStack(options?: DistrolessBlueprintOptions): Stack {
  return new Stack(new App({ propertyInjectors: DistrolessBlueprint.propertyInjectors(options) }), 'Test');
}

describe('the blueprint', () => {
  test('hardens what a pattern of CDK makes, from the container to the cluster', () => {
    const stack = appStack();
    new patterns.ApplicationLoadBalancedFargateService(stack, 'Service', {
      vpc: new Vpc(stack, 'Vpc'),
      taskImageOptions: { image, containerPort: 8080 },
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        {
          User: '65532:65532',
          ReadonlyRootFilesystem: true,
          VersionConsistency: 'enabled',
          LinuxParameters: { Capabilities: { Drop: ['ALL'] }, Tmpfs: [Match.objectLike({ ContainerPath: '/tmp' })] },
        },
      ],
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      },
      EnableExecuteCommand: false,
    });
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Value: 'enhanced' }] });
  });

  test('gives a container without logs some', () => {
    const stack = appStack();
    new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', { image });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } } }],
    });
  });

  test('reaches into Stages', () => {
    const app = new App({ propertyInjectors: DistrolessBlueprint.propertyInjectors() });
    const stack = new Stack(new Stage(app, 'Prod'), 'Test');
    new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', { image });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ ReadonlyRootFilesystem: true }],
    });
  });

  test('leaves what is set as it is', () => {
    const stack = appStack();
    const vpc = new Vpc(stack, 'Vpc');
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.DISABLED });
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('web', { image, user: '0', readonlyRootFilesystem: false });
    new ecs.FargateService(stack, 'Service', {
      cluster,
      taskDefinition,
      minHealthyPercent: 0,
      circuitBreaker: { enable: false },
      enableExecuteCommand: true,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ User: '0', ReadonlyRootFilesystem: false }],
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: false }, MinimumHealthyPercent: 0 },
      EnableExecuteCommand: true,
    });
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Value: 'disabled' }] });
  });

  test('gives no circuit breaker to a service that CodeDeploy deploys', () => {
    const stack = appStack();
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('web', { image });
    new ecs.FargateService(stack, 'Service', {
      cluster: new ecs.Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc') }),
      taskDefinition,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { DeploymentCircuitBreaker: Match.absent() },
    });
  });

  test('sets one architecture for images and tasks that name none', () => {
    const stack = appStack({ architecture: ecs.CpuArchitecture.ARM64 });
    const asset = ecs.ContainerImage.fromAsset(join(__dirname, 'app'));
    new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', { image: asset });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: 'ARM64' },
    });
    const assembly = (stack.node.root as App).synth();
    const images = assembly.artifacts.flatMap((artifact) => Object.values(manifestImages(artifact)));
    expect(images).toMatchObject([{ source: { platform: 'linux/arm64' } }]);
  });

  test('leaves FireLens routers and Windows tasks alone', () => {
    const stack = appStack();
    new ecs.FargateTaskDefinition(stack, 'Task').addFirelensLogRouter('router', {
      image,
      firelensConfig: { type: ecs.FirelensLogRouterType.FLUENTBIT },
    });
    new ecs.FargateTaskDefinition(stack, 'Windows', {
      cpu: 1024,
      memoryLimitMiB: 2048,
      runtimePlatform: { operatingSystemFamily: ecs.OperatingSystemFamily.WINDOWS_SERVER_2022_CORE },
    }).addContainer('web', { image });
    Template.fromStack(stack).allResourcesProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ ReadonlyRootFilesystem: Match.absent() })],
    });
  });

  test('changes nothing in our own constructs', () => {
    const define = (stack: Stack) => {
      new DistrolessTaskDefinition(stack, 'Task', { image: new TestImage(stack, 'Image') });
      return Template.fromStack(stack).toJSON();
    };
    expect(define(appStack())).toEqual(define(new Stack(new App(), 'Test')));
  });
});

function manifestImages(artifact: object): Record<string, unknown> {
  return 'contents' in artifact
    ? ((artifact.contents as { dockerImages?: Record<string, unknown> }).dockerImages ?? {})
    : {};
}
