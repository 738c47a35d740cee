import { join } from 'node:path';
import { App, Aspects, Mixins, Shims, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { DistrolessHardening } from '../../lib/services/distroless-hardening';
import { DistrolessTaskDefinition } from '../../lib/services/distroless-task-definition';
import { renderedTask } from './rendered-task';
import { TestImage } from './test-image';

const image = ecs.ContainerImage.fromRegistry('gcr.io/distroless/static-debian13:nonroot');
const newStack = () => new Stack(new App(), 'Test');

const HARDENED = {
  User: '65532:65532',
  ReadonlyRootFilesystem: true,
  VersionConsistency: 'enabled',
  LinuxParameters: {
    Capabilities: { Drop: ['ALL'] },
    InitProcessEnabled: true,
    Tmpfs: [{ ContainerPath: '/tmp', Size: 64, MountOptions: ['nosuid', 'nodev', 'noexec'] }],
  },
};

const containers = (stack: Stack) => renderedTask(stack).ContainerDefinitions;

describe('the mixin that hardens the task definitions of others', () => {
  test('hardens an L2, also the containers that are added later', () => {
    const stack = newStack();
    const task = new ecs.FargateTaskDefinition(stack, 'Task');
    task.addContainer('first', { image });
    Mixins.of(stack).apply(new DistrolessHardening());
    task.addContainer('second', { image });
    expect(containers(stack)).toMatchObject([HARDENED, HARDENED]);
  });

  test('hardens an L1 and what CfnInclude takes in', () => {
    const stack = newStack();
    new ecs.CfnTaskDefinition(stack, 'Task', { containerDefinitions: [{ name: 'web', image: 'example' }] });
    new CfnInclude(stack, 'Included', { templateFile: join(__dirname, 'included.json') });
    Mixins.of(stack).apply(new DistrolessHardening());
    Template.fromStack(stack).allResourcesProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike(HARDENED)],
    });
  });

  test('hardens what a pattern makes, and makes its logs non-blocking', () => {
    const stack = newStack();
    new patterns.ApplicationLoadBalancedFargateService(stack, 'Service', {
      vpc: new Vpc(stack, 'Vpc'),
      taskImageOptions: { image },
    });
    Mixins.of(stack).apply(new DistrolessHardening());
    expect(containers(stack)).toMatchObject([
      { ...HARDENED, LogConfiguration: { Options: { mode: 'non-blocking', 'max-buffer-size': '25m' } } },
    ]);
  });

  test('reaches what is made later when it is an aspect', () => {
    const stack = newStack();
    Aspects.of(stack).add(Shims.asAspect(new DistrolessHardening()));
    new ecs.FargateTaskDefinition(stack, 'Task').addContainer('late', { image });
    expect(containers(stack)).toMatchObject([HARDENED]);
  });

  test('leaves what is set as it is', () => {
    const stack = newStack();
    const task = new ecs.Ec2TaskDefinition(stack, 'Task');
    const linuxParameters = new ecs.LinuxParameters(stack, 'Linux', { initProcessEnabled: false });
    linuxParameters.dropCapabilities(ecs.Capability.NET_RAW);
    linuxParameters.addTmpfs({ containerPath: '/tmp', size: 8 });
    const logging = ecs.LogDrivers.awsLogs({ streamPrefix: 'x', mode: ecs.AwsLogDriverMode.BLOCKING });
    const versionConsistency = ecs.VersionConsistency.DISABLED;
    const given = {
      user: '0',
      readonlyRootFilesystem: false,
      memoryLimitMiB: 64,
      linuxParameters,
      logging,
      versionConsistency,
    };
    task.addContainer('web', { image, ...given });
    Mixins.of(stack).apply(new DistrolessHardening());
    expect(containers(stack)).toMatchObject([
      {
        User: '0',
        ReadonlyRootFilesystem: false,
        VersionConsistency: 'disabled',
        LinuxParameters: {
          Capabilities: { Drop: ['NET_RAW'] },
          InitProcessEnabled: false,
          Tmpfs: [{ ContainerPath: '/tmp', Size: 8 }],
        },
        LogConfiguration: { Options: { mode: 'blocking' } },
      },
    ]);
  });

  test('mounts no /tmp over a volume that is there', () => {
    const stack = newStack();
    const task = new ecs.FargateTaskDefinition(stack, 'Task', { volumes: [{ name: 'scratch' }] });
    const mount = { containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false };
    task.addContainer('web', { image }).addMountPoints(mount);
    Mixins.of(stack).apply(new DistrolessHardening());
    expect(containers(stack)[0].LinuxParameters).not.toHaveProperty('Tmpfs');
  });

  test('takes other defaults', () => {
    const stack = newStack();
    new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', { image });
    Mixins.of(stack).apply(
      new DistrolessHardening({ user: '1000', tmpSize: Size.mebibytes(128), executableTmp: true }),
    );
    expect(containers(stack)).toMatchObject([
      { User: '1000', LinuxParameters: { Tmpfs: [{ Size: 128, MountOptions: ['nosuid', 'nodev'] }] } },
    ]);
  });

  test('leaves Windows tasks and FireLens routers alone, which cannot run so', () => {
    const stack = newStack();
    new ecs.FargateTaskDefinition(stack, 'Windows', {
      cpu: 1024,
      memoryLimitMiB: 2048,
      runtimePlatform: { operatingSystemFamily: ecs.OperatingSystemFamily.WINDOWS_SERVER_2022_CORE },
    }).addContainer('web', { image });
    const linux = new ecs.FargateTaskDefinition(stack, 'Linux');
    linux.addFirelensLogRouter('router', { image, firelensConfig: { type: ecs.FirelensLogRouterType.FLUENTBIT } });
    Mixins.of(stack).apply(new DistrolessHardening());
    Template.fromStack(stack).allResourcesProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ ReadonlyRootFilesystem: Match.absent() })],
    });
  });

  test('changes nothing when it is applied twice, nor on our own task definitions', () => {
    const define = (times: number) => {
      const stack = newStack();
      const task = new DistrolessTaskDefinition(stack, 'Task', { image: new TestImage(stack, 'Image') });
      task.addContainer('sidecar', { image });
      for (let time = 0; time < times; time++) Mixins.of(stack).apply(new DistrolessHardening());
      return Template.fromStack(stack).toJSON();
    };
    expect(define(2)).toEqual(define(0));
  });
});
