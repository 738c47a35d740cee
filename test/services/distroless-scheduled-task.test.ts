import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { DistrolessScheduledTaskProps } from '../../lib/services/distroless-scheduled-task';
import { DistrolessScheduledTask } from '../../lib/services/distroless-scheduled-task';
import { TestImage } from './test-image';

function template(props: Partial<DistrolessScheduledTaskProps> = {}) {
  const stack = new Stack(new App(), 'Test', { env: { account: '123456789012', region: 'eu-west-1' } });
  const schedule = Schedule.rate(Duration.hours(1));
  new DistrolessScheduledTask(stack, 'Job', {
    vpc: new Vpc(stack, 'Vpc'),
    image: new TestImage(stack, 'Image'),
    schedule,
    ...props,
  });
  return Template.fromStack(stack);
}

describe('a scheduled task', () => {
  test('is run by a rule, without a public address', () => {
    template().hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [
        {
          EcsParameters: {
            LaunchType: 'FARGATE',
            TaskCount: 1,
            NetworkConfiguration: { AwsVpcConfiguration: { AssignPublicIp: 'DISABLED' } },
          },
        },
      ],
    });
  });

  test('is hardened, and listens on no port', () => {
    template({ command: ['--once'] }).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        { Command: ['--once'], User: '65532:65532', ReadonlyRootFilesystem: true, PortMappings: Match.absent() },
      ],
    });
  });

  test('runs in a cluster with container insights', () => {
    template().hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }],
    });
  });

  test('can be off, run several times, and in other subnets', () => {
    template({ enabled: false, taskCount: 3, taskSubnets: { subnetType: SubnetType.PUBLIC } }).hasResourceProperties(
      'AWS::Events::Rule',
      {
        State: 'DISABLED',
        Targets: [
          {
            EcsParameters: {
              TaskCount: 3,
              NetworkConfiguration: { AwsVpcConfiguration: { AssignPublicIp: 'ENABLED' } },
            },
          },
        ],
      },
    );
  });

  test('is the same in two syntheses', () => {
    expect(template().toJSON()).toEqual(template().toJSON());
  });
});
