import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { DistrolessFargateService } from '../../lib/services/distroless-fargate-service';
import { DistrolessScheduledTask } from '../../lib/services/distroless-scheduled-task';
import { DistrolessWorkerService } from '../../lib/services/distroless-worker-service';
import { TestImage } from './test-image';

const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';

const eachContainer = (expected: object) => ({ ContainerDefinitions: [Match.objectLike(expected)] });
const noPublicAddress = { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } };

/** Control, and how it shows in a template. https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html */
const CONTROLS: Record<string, (template: Template) => void> = {
  'ECS.2': (template) => template.allResourcesProperties(SERVICE, noPublicAddress),
  'ECS.4': (template) => template.allResourcesProperties(TASK, eachContainer({ Privileged: Match.absent() })),
  'ECS.5': (template) => template.allResourcesProperties(TASK, eachContainer({ ReadonlyRootFilesystem: true })),
  'ECS.8': (template) =>
    template.hasResourceProperties(TASK, eachContainer({ Name: 'app', Environment: Match.absent() })),
  'ECS.9': (template) =>
    template.allResourcesProperties(
      TASK,
      eachContainer({ LogConfiguration: Match.objectLike({ LogDriver: 'awslogs' }) }),
    ),
  'ECS.10': (template) => template.allResourcesProperties(SERVICE, { PlatformVersion: Match.absent() }),
  'ECS.12': (template) =>
    template.allResourcesProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }],
    }),
  'ECS.16': (template) => template.resourceCountIs('AWS::ECS::TaskSet', 0),
  'ECS.17': (template) => template.allResourcesProperties(TASK, { NetworkMode: 'awsvpc' }),
  'ECS.20': (template) => template.allResourcesProperties(TASK, eachContainer({ User: '65532:65532' })),
};

function services(): Template {
  const stack = new Stack(new App(), 'Test');
  const vpc = new Vpc(stack, 'Vpc');
  const image = new TestImage(stack, 'Image');
  new DistrolessFargateService(stack, 'Api', { vpc, image });
  new DistrolessWorkerService(stack, 'Worker', { vpc, image });
  new DistrolessScheduledTask(stack, 'Job', { vpc, image, schedule: Schedule.rate(Duration.hours(1)) });
  return Template.fromStack(stack);
}

describe('the controls of Security Hub', () => {
  const template = services();

  test.each(Object.keys(CONTROLS))('%s holds for every service by default', (control) => {
    CONTROLS[control](template);
  });

  test('are the rows of the table in the README', () => {
    const readme = readFileSync(join(__dirname, '../../lib/services/README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| (ECS\.\d+) \|/gm)].map((match) => match[1]);
    expect(rows).toEqual(Object.keys(CONTROLS));
  });
});
