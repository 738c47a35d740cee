import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DistrolessBase } from '../../lib/bases/distroless-base';
import type { DistrolessTaskDefinitionProps } from '../../lib/services/distroless-task-definition';
import { DistrolessTaskDefinition } from '../../lib/services/distroless-task-definition';
import { HealthProbe } from '../../lib/services/health-probe';
import type { RenderedContainer, RenderedTask } from './rendered-task';
import { renderedTask } from './rendered-task';
import type { TestImageProps } from './test-image';
import { TestImage } from './test-image';

function define(props: Partial<DistrolessTaskDefinitionProps> = {}, image: TestImageProps = {}) {
  const stack = new Stack(new App(), 'Test');
  const task = new DistrolessTaskDefinition(stack, 'Task', { image: new TestImage(stack, 'Image', image), ...props });
  return { stack, task };
}

function properties(props?: Partial<DistrolessTaskDefinitionProps>, image?: TestImageProps): RenderedTask {
  return renderedTask(define(props, image).stack);
}

function container(props?: Partial<DistrolessTaskDefinitionProps>, image?: TestImageProps): RenderedContainer {
  return properties(props, image).ContainerDefinitions[0];
}

describe('a task definition, by default', () => {
  test('runs on Fargate, with the architecture of the image', () => {
    expect(properties()).toMatchObject({
      RequiresCompatibilities: ['FARGATE'],
      Cpu: '256',
      Memory: '512',
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
    const intel = properties({}, { architecture: ecs.CpuArchitecture.X86_64 });
    expect(intel.RuntimePlatform.CpuArchitecture).toBe('X86_64');
  });

  test('runs as the numeric user of the base', () => {
    expect(container().User).toBe('65532:65532');
  });

  test('runs as 65532 where the base would run as root', () => {
    expect(container({}, { base: DistrolessBase.SCRATCH }).User).toBe('65532:65532');
  });

  test('has a read-only root filesystem and an in-memory /tmp that executes nothing', () => {
    expect(container().ReadonlyRootFilesystem).toBe(true);
    expect(container().LinuxParameters.Tmpfs).toEqual([
      { ContainerPath: '/tmp', Size: 64, MountOptions: ['nosuid', 'nodev', 'noexec'] },
    ]);
  });

  test('drops all capabilities and has an init process', () => {
    expect(container().LinuxParameters.Capabilities).toEqual({ Drop: ['ALL'] });
    expect(container().LinuxParameters.InitProcessEnabled).toBe(true);
    expect(container().Privileged).toBeUndefined();
  });

  test('listens on 8080', () => {
    expect(container().PortMappings).toEqual([{ ContainerPort: 8080, Protocol: 'tcp' }]);
  });

  test('pins the digest of the image for a deployment', () => {
    expect(container().VersionConsistency).toBe('enabled');
  });

  test('logs without blocking the app, and keeps the logs for a month', () => {
    expect(container().LogConfiguration).toMatchObject({
      LogDriver: 'awslogs',
      Options: { 'awslogs-stream-prefix': 'Task', mode: 'non-blocking', 'max-buffer-size': '26214400b' },
    });
    Template.fromStack(define().stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('has neither a health check nor an entrypoint of its own', () => {
    expect(container()).not.toHaveProperty('HealthCheck');
    expect(container()).not.toHaveProperty('EntryPoint');
    expect(container().Name).toBe('app');
  });

  test('warns of nothing', () => {
    expect(Annotations.fromStack(define().stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('a task definition, changed', () => {
  test('runs as another user', () => {
    expect(container({ user: '1000' }).User).toBe('1000');
  });

  test('has a writable root filesystem, and then no /tmp of its own', () => {
    const changed = container({ readonlyRootFilesystem: false });
    expect(changed.ReadonlyRootFilesystem).toBe(false);
    expect(changed.LinuxParameters.Tmpfs).toBeUndefined();
  });

  test('has another /tmp, or none', () => {
    expect(container({ tmpSize: Size.mebibytes(256) }).LinuxParameters.Tmpfs[0].Size).toBe(256);
    expect(container({ tmpSize: Size.mebibytes(0) }).LinuxParameters.Tmpfs).toBeUndefined();
  });

  test('keeps a capability, and says so', () => {
    const { stack } = define({ addCapabilities: [ecs.Capability.SYS_PTRACE] });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ LinuxParameters: { Capabilities: { Add: ['SYS_PTRACE'], Drop: ['ALL'] } } }],
    });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('keeps the capabilities SYS_PTRACE'));
  });

  test('executes files in /tmp, and says so', () => {
    const { stack } = define({ executableTmp: true });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('files in /tmp of the container can be executed'),
    );
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ LinuxParameters: { Tmpfs: [{ MountOptions: ['nosuid', 'nodev'] }] } }],
    });
  });

  test('has no init process', () => {
    expect(container({ initProcessEnabled: false }).LinuxParameters.InitProcessEnabled).toBe(false);
  });

  test('listens on another port, or on none', () => {
    expect(container({ port: 9000 }).PortMappings[0].ContainerPort).toBe(9000);
    expect(container({ port: 0 })).not.toHaveProperty('PortMappings');
  });

  test('logs elsewhere, or for longer', () => {
    expect(container({ logging: ecs.LogDrivers.syslog() }).LogConfiguration.LogDriver).toBe('syslog');
    const { stack } = define({ logRetention: logs.RetentionDays.ONE_YEAR });
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('takes command, environment, size, stop time and family', () => {
    const props = { command: ['--port', '8080'], environment: { STAGE: 'test' }, stopTimeout: Duration.seconds(90) };
    expect(container(props)).toMatchObject({
      Command: ['--port', '8080'],
      Environment: [{ Name: 'STAGE', Value: 'test' }],
      StopTimeout: 90,
    });
    const size = properties({
      cpu: 1024,
      memoryLimitMiB: 2048,
      ephemeralStorageGiB: 30,
      family: 'orders',
      containerName: 'web',
    });
    expect(size).toMatchObject({ Cpu: '1024', Memory: '2048', EphemeralStorage: { SizeInGiB: 30 }, Family: 'orders' });
    expect(size.ContainerDefinitions[0].Name).toBe('web');
  });

  test('takes secrets and lets the execution role read them', () => {
    const stack = new Stack(new App(), 'Test');
    const secret = new Secret(stack, 'Secret');
    new DistrolessTaskDefinition(stack, 'Task', {
      image: new TestImage(stack, 'Image'),
      secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret, 'password') },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Secrets: [{ Name: 'PASSWORD', ValueFrom: Match.anyValue() }] }],
    });
  });

  test('checks its health without a shell', () => {
    const check = container({ healthProbe: HealthProbe.command(['/healthcheck']) }).HealthCheck;
    expect(check).toEqual({ Command: ['CMD', '/healthcheck'], Interval: 15, Retries: 3, StartPeriod: 30, Timeout: 5 });
  });
});

describe('a container beside the image of a task definition', () => {
  test('is hardened as far as it leaves it open', () => {
    const { stack, task } = define();
    task.addContainer('sidecar', {
      image: ecs.ContainerImage.fromRegistry('registry.example.com/proxy:1'),
      user: '101',
    });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.anyValue(),
        {
          Name: 'sidecar',
          User: '101',
          ReadonlyRootFilesystem: true,
          LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
          LogConfiguration: { Options: { mode: 'non-blocking' } },
          VersionConsistency: 'enabled',
        },
      ],
    });
  });
});

test('two syntheses of the same task definition are the same', () => {
  const synth = () => Template.fromStack(define({ healthProbe: HealthProbe.command(['/a']) }).stack).toJSON();
  expect(synth()).toEqual(synth());
});
