import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { DebugSidecarOptions } from '../../lib/services/debug-sidecar';
import { DebugSidecar } from '../../lib/services/debug-sidecar';
import { DistrolessFargateService } from '../../lib/services/distroless-fargate-service';
import { DistrolessTaskDefinition } from '../../lib/services/distroless-task-definition';
import { TestImage } from './test-image';

const OPTIONS = { reason: 'INFRA-1234', expires: '2026-12-31' };

function define(options: DebugSidecarOptions = OPTIONS) {
  const stack = new Stack(new App(), 'Test');
  const taskDefinition = new DistrolessTaskDefinition(stack, 'Task', { image: new TestImage(stack, 'Image') });
  new DebugSidecar(stack, 'Debug', { taskDefinition, ...options });
  return { stack, taskDefinition };
}

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-12-01T12:00:00Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a debug sidecar', () => {
  test('sees the processes of the app, and leaves the app as it is', () => {
    Template.fromStack(define().stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      PidMode: 'task',
      ContainerDefinitions: [
        { Name: 'app', ReadonlyRootFilesystem: true, User: '65532:65532' },
        {
          Name: 'debug',
          Image: 'docker.io/library/busybox:1.37',
          Essential: false,
          Command: ['sleep', '2147483647'],
          ReadonlyRootFilesystem: false,
          LinuxParameters: { Capabilities: { Add: ['SYS_PTRACE'], Drop: ['ALL'] }, InitProcessEnabled: true },
        },
      ],
    });
  });

  test('shows on every synthesis', () => {
    Annotations.fromStack(define().stack).hasWarning(
      '*',
      Match.stringLikeRegexp('debug has a shell .* until 2026-12-31: INFRA-1234'),
    );
  });

  test('acknowledges its own findings with its reason, and no others', () => {
    const { taskDefinition } = define();
    const acknowledged = taskDefinition.node.metadata
      .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .map((entry) => JSON.stringify(entry.data));
    expect(acknowledged.join()).toContain('Distroless::Shell[debug]');
    expect(acknowledged.join()).toContain('debug sidecar until 2026-12-31: INFRA-1234');
    expect(acknowledged.join()).not.toContain('[app]');
  });

  test('has another image and name', () => {
    const image = ecs.ContainerImage.fromRegistry('registry.example.com/tools:3');
    Template.fromStack(define({ ...OPTIONS, image, containerName: 'tools' }).stack).hasResourceProperties(
      'AWS::ECS::TaskDefinition',
      { ContainerDefinitions: [Match.anyValue(), { Name: 'tools', Image: 'registry.example.com/tools:3' }] },
    );
  });

  test('works for the task definitions of plain CDK', () => {
    const stack = new Stack(new App(), 'Test');
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    new DebugSidecar(stack, 'Debug', { taskDefinition, ...OPTIONS });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', { PidMode: 'task' });
  });

  test('turns ECS Exec on for the service that has one', () => {
    const stack = new Stack(new App(), 'Test');
    new DistrolessFargateService(stack, 'Api', {
      vpc: new Vpc(stack, 'Vpc'),
      image: new TestImage(stack, 'Image'),
      debugSidecar: OPTIONS,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::Service', {
      EnableExecuteCommand: true,
      LoadBalancers: [{ ContainerName: 'app' }],
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { PidMode: 'task' });
  });
});

describe('the end of a debug sidecar', () => {
  test('is not yet there on its last day', () => {
    jest.setSystemTime(new Date('2026-12-31T23:59:59Z'));
    expect(() => Template.fromStack(define().stack)).not.toThrow();
  });

  test('fails synthesis from the day after, with the reason and what to do', () => {
    jest.setSystemTime(new Date('2027-01-01T00:00:00Z'));
    expect(() => Template.fromStack(define().stack)).toThrow(
      /\[Test\/Debug\] the debug sidecar \(INFRA-1234\) expired on 2026-12-31; remove it/,
    );
  });

  test.each(['soon', '2026-13-01', '2026-02-30', '2026-1-1', ''])('fails with %j for a day', (expires) => {
    expect(() => define({ ...OPTIONS, expires })).toThrow('expires: an existing day as YYYY-MM-DD is needed');
  });

  test('fails without a reason', () => {
    expect(() => define({ ...OPTIONS, reason: ' ' })).toThrow('Test/Debug: reason: say why a shell is needed');
  });
});
