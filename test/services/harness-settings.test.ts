import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { DistrolessFargateService } from '../../lib/services/distroless-fargate-service';
import { DistrolessScheduledTask } from '../../lib/services/distroless-scheduled-task';
import { DistrolessWorkerService } from '../../lib/services/distroless-worker-service';
import type { ContainerDefinition } from '../e2e/harness/task-container';
import { runArguments, runOptions, stopTimeoutSeconds } from '../e2e/harness/task-container';
import { TestImage } from './test-image';

/** What a container on one's own machine is run with as the task definition says. */
const HONOURED = ['Command', 'EntryPoint', 'Environment', 'HealthCheck', 'Image', 'LinuxParameters', 'PortMappings'];
const HONOURED_TOO = ['ReadonlyRootFilesystem', 'StopTimeout', 'User'];

/** What only AWS can do: the README names it. */
const ONLY_AWS = ['Essential', 'LogConfiguration', 'Name', 'Secrets', 'VersionConsistency'];

function containers(): ContainerDefinition[] {
  const stack = new Stack(new App(), 'Test');
  const vpc = new Vpc(stack, 'Vpc');
  const image = new TestImage(stack, 'Image', { healthProbe: ['/healthprobe/probe'] });
  const command = ['serve', '--fast'];
  new DistrolessFargateService(stack, 'Api', { vpc, image, command, stopTimeout: Duration.seconds(7) });
  new DistrolessWorkerService(stack, 'Worker', { vpc, image });
  new DistrolessScheduledTask(stack, 'Job', { vpc, image, schedule: Schedule.rate(Duration.hours(1)) });
  const tasks = Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition');
  return Object.values(tasks).flatMap((task) => task.Properties.ContainerDefinitions as ContainerDefinition[]);
}

describe('the containers of the end-to-end tests are run with the settings of the task definition', () => {
  const [api, ...others] = containers();

  test('each setting is honoured, or named as one that only AWS can carry out', () => {
    const settings = new Set([api, ...others].flatMap((container) => Object.keys(container)));
    expect([...settings].filter((name) => ![...HONOURED, ...HONOURED_TOO, ...ONLY_AWS].includes(name))).toEqual([]);
  });

  test('user, root file system, capabilities, init process, tmpfs and port become options of docker run', () => {
    const options = runOptions(api).join(' ');
    for (const option of [
      '--user 65532:65532',
      '--read-only',
      '--cap-drop ALL',
      '--init',
      '--tmpfs /tmp:size=64m,nosuid,nodev,noexec',
      '--publish 127.0.0.1::8080',
    ]) {
      expect(options).toContain(option);
    }
    expect(runArguments(api)).toEqual(['serve', '--fast']);
    expect(stopTimeoutSeconds(api)).toBe(7);
  });

  test('what the definition does not say is not made up', () => {
    const bare: ContainerDefinition = { Name: 'bare', Image: 'bare' };
    expect(runOptions(bare)).toEqual(['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']);
    expect(stopTimeoutSeconds(bare)).toBe(30);
  });

  test('no definition asks for a capability that the tests do not give', () => {
    for (const { LinuxParameters } of [api, ...others]) {
      expect(LinuxParameters?.Capabilities).toEqual({ Drop: ['ALL'] });
    }
  });
});
