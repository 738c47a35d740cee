import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { DistrolessWorkerServiceProps } from '../../lib/services/distroless-worker-service';
import { DistrolessWorkerService } from '../../lib/services/distroless-worker-service';
import { HealthProbe } from '../../lib/services/health-probe';
import { TestImage } from './test-image';

function define(props: (stack: Stack) => Partial<DistrolessWorkerServiceProps> = () => ({})) {
  const stack = new Stack(new App(), 'Test', { env: { account: '123456789012', region: 'eu-west-1' } });
  const vpc = new Vpc(stack, 'Vpc');
  const worker = new DistrolessWorkerService(stack, 'Worker', {
    vpc,
    image: new TestImage(stack, 'Image'),
    ...props(stack),
  });
  return { stack, worker };
}

const template = (props?: Parameters<typeof define>[0]) => Template.fromStack(define(props).stack);

describe('a worker, by default', () => {
  test('has an encrypted queue that takes TLS only, with a dead-letter queue behind it', () => {
    const queues = template();
    queues.resourceCountIs('AWS::SQS::Queue', 2);
    queues.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 3 } });
    queues.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
        },
      },
      2,
    );
  });

  test('finds its queue in the environment, and may read it', () => {
    const worker = template();
    worker.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        { Environment: [Match.objectLike({ Name: 'QUEUE_NAME' }), Match.objectLike({ Name: 'QUEUE_URL' })] },
      ],
    });
    worker.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']) })]),
      },
    });
  });

  test('is hardened, and listens on no port', () => {
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        {
          User: '65532:65532',
          ReadonlyRootFilesystem: true,
          PortMappings: Match.absent(),
          HealthCheck: Match.absent(),
        },
      ],
    });
  });

  test('is deployed as carefully as a service, and scales with the queue', () => {
    const worker = template();
    worker.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      },
      EnableExecuteCommand: false,
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
    worker.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 2 });
  });
});

describe('a worker, changed', () => {
  test('empties a queue that is there', () => {
    const { stack, worker } = define((scope) => ({ queue: new Queue(scope, 'Orders', { queueName: 'orders' }) }));
    expect(worker.deadLetterQueue).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
  });

  test('has other times, counts and bounds', () => {
    const changed = template(() => ({
      visibilityTimeout: Duration.minutes(5),
      maxReceiveCount: 10,
      minScalingCapacity: 0,
      maxScalingCapacity: 20,
    }));
    changed.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 300,
      RedrivePolicy: { maxReceiveCount: 10 },
    });
    changed.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 0, MaxCapacity: 20 });
  });

  test('fails with options of the queue for a queue that is there', () => {
    expect(() => define((stack) => ({ queue: new Queue(stack, 'Orders'), maxReceiveCount: 1 }))).toThrow(
      'Test/Worker: maxReceiveCount and visibilityTimeout belong to the queue that this construct makes',
    );
  });

  test('checks its health, and keeps its own environment beside the names of the queue', () => {
    const changed = template(() => ({
      healthProbe: HealthProbe.command(['/app', '-check']),
      environment: { STAGE: 'test' },
    }));
    changed.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        {
          HealthCheck: { Command: ['CMD', '/app', '-check'] },
          Environment: Match.arrayWith([{ Name: 'STAGE', Value: 'test' }]),
        },
      ],
    });
  });
});

test('two syntheses of the same worker are the same', () => {
  expect(template().toJSON()).toEqual(template().toJSON());
});
