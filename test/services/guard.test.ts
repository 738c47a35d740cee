import { join } from 'node:path';
import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnService } from 'aws-cdk-lib/aws-apprunner';
import * as batch from 'aws-cdk-lib/aws-batch';
import { CfnRuntime } from 'aws-cdk-lib/aws-bedrockagentcore';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, CpuArchitecture, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { GoImage } from '../../lib/images/go/go-image';
import { DebugSidecar } from '../../lib/services/debug-sidecar';
import { DistrolessFargateService } from '../../lib/services/distroless-fargate-service';
import { DistrolessFunction } from '../../lib/services/distroless-function';
import { DistrolessScheduledTask } from '../../lib/services/distroless-scheduled-task';
import { DistrolessWorkerService } from '../../lib/services/distroless-worker-service';
import { HealthProbe } from '../../lib/services/health-probe';

const directory = join(__dirname, '../../examples/platform/services/go-api');

/** What the guard finds, but for the digest that only `cdk-distroless lock` can give a base. */
function findings(define: (stack: Stack, image: GoImage) => void, architecture = CpuArchitecture.ARM64): string[] {
  const app = new App();
  const stack = new Stack(app, 'Test');
  define(stack, new GoImage(stack, 'Image', { directory, healthProbe: true, architecture }));
  const { violations } = new DistrolessChecks(app).validateScope(app);
  return violations.map(({ ruleName }) => ruleName).filter((rule) => !rule.startsWith('UnpinnedBase'));
}

describe('the guard', () => {
  test('accepts every service as it is by default', () => {
    expect(
      findings((stack, image) => {
        const vpc = new Vpc(stack, 'Vpc');
        new DistrolessFargateService(stack, 'Api', { vpc, image });
        new DistrolessWorkerService(stack, 'Worker', { vpc, image });
        new DistrolessScheduledTask(stack, 'Job', { vpc, image, schedule: Schedule.rate(Duration.hours(1)) });
        new DistrolessFunction(stack, 'Function', { image });
      }),
    ).toEqual([]);
  });

  test('accepts the images where no construct of ours runs them: Batch, App Runner, AgentCore', () => {
    const batchAndAgentCore = findings((stack, image) => {
      new batch.EcsJobDefinition(stack, 'Batch', {
        container: new batch.EcsFargateContainerDefinition(stack, 'Container', {
          image: image.toContainerImage(),
          cpu: 0.25,
          memory: Size.gibibytes(1),
          user: '65532:65532',
          readonlyRootFilesystem: true,
          fargateCpuArchitecture: CpuArchitecture.ARM64,
        }),
      });
      new CfnRuntime(stack, 'AgentCore', {
        agentRuntimeName: 'agent',
        agentRuntimeArtifact: { containerConfiguration: { containerUri: image.imageUri } },
        networkConfiguration: { networkMode: 'PUBLIC' },
        roleArn: 'arn:aws:iam::123456789012:role/agent',
      });
    });
    const appRunner = (stack: Stack, image: GoImage) =>
      new CfnService(stack, 'AppRunner', {
        sourceConfiguration: {
          imageRepository: { imageIdentifier: image.imageUri, imageRepositoryType: 'ECR' },
        },
      });
    expect(batchAndAgentCore).toEqual([]);
    expect(findings(appRunner, CpuArchitecture.X86_64)).toEqual([]);
    expect(findings(appRunner, CpuArchitecture.ARM64)).toEqual([expect.stringContaining('PlatformMismatch')]);
  });

  test.each([
    [{ user: '0' }, 'RootUser[app]'],
    [{ readonlyRootFilesystem: false }, 'WritableRoot[app]'],
    [{ enableExecuteCommand: true }, 'ExecuteCommand[app]'],
    [{ healthProbe: HealthProbe.command(['/bin/sh', '-c', 'true']) }, 'ShellCommand[app]'],
  ])('finds what %j weakens', (props, finding) => {
    const define = (stack: Stack, image: GoImage) =>
      new DistrolessFargateService(stack, 'Api', { vpc: new Vpc(stack, 'Vpc'), image, ...props });
    expect(findings(define)).toEqual([finding]);
  });

  test('accepts a debug sidecar, which has a reason and an end, and no other shell', () => {
    const busybox = ContainerImage.fromRegistry('docker.io/library/busybox:1.37');
    const task = (stack: Stack) => new FargateTaskDefinition(stack, 'Task');
    const sidecar = (stack: Stack) =>
      new DebugSidecar(stack, 'Debug', { taskDefinition: task(stack), reason: 'INFRA-1234', expires: '2999-12-31' });
    expect(findings(sidecar)).toEqual([]);
    expect(findings((stack) => task(stack).addContainer('app', { image: busybox }))).not.toEqual([]);
  });
});
