import type { App } from 'aws-cdk-lib';
import {
  aws_batch as batch,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_events as events,
  aws_events_targets as targets,
  aws_stepfunctions as sfn,
  aws_stepfunctions_tasks as tasks,
  custom_resources as custom,
  Size,
  Stack,
} from 'aws-cdk-lib';
import { GOOD } from './guarded-apps';
import { byAspect, byCheck, byPack } from './three-ways';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

const image = ecs.ContainerImage.fromRegistry(GOOD);

/** What apps without a shell do with task definitions, by CDK's own constructs. */
function everydayApp(app: App): void {
  const stack = new Stack(app, 'S');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'T');
  const container = taskDefinition.addContainer('web', { image, readonlyRootFilesystem: true });
  const rule = new events.Rule(stack, 'Rule', { schedule: events.Schedule.expression('rate(1 day)') });
  const [environment, command] = [
    [{ name: 'EVENT', value: events.EventField.fromPath('$.detail.id') }],
    ['/app', events.EventField.eventId],
  ];
  rule.addTarget(new targets.EcsTask({ cluster, taskDefinition }));
  rule.addTarget(
    new targets.EcsTask({
      cluster,
      taskDefinition,
      containerOverrides: [{ containerName: 'web', environment, command }],
    }),
  );
  const run = new tasks.EcsRunTask(stack, 'Run', {
    cluster,
    taskDefinition,
    launchTarget: new tasks.EcsFargateLaunchTarget(),
    containerOverrides: [
      { containerDefinition: container, environment: [{ name: 'A', value: sfn.JsonPath.stringAt('$.a') }] },
    ],
  });
  const job = new batch.EcsJobDefinition(stack, 'Job', {
    container: new batch.EcsFargateContainerDefinition(stack, 'Container', {
      image,
      cpu: 1,
      memory: Size.gibibytes(2),
      command: ['/app', 'Ref::input'],
      readonlyRootFilesystem: true,
    }),
  });
  const submit = new tasks.BatchSubmitJob(stack, 'Submit', {
    jobName: 'job',
    jobDefinitionArn: job.jobDefinitionArn,
    jobQueueArn: 'arn:aws:batch:eu-west-1:123456789012:job-queue/q',
    containerOverrides: { command: ['/app', '$.input'] },
  });
  new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(run.next(submit)) });
  new custom.AwsCustomResource(stack, 'Latest', {
    policy: custom.AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
    onUpdate: {
      service: 'ECS',
      action: 'describeTaskDefinition',
      parameters: { taskDefinition: 'legacy', include: [stack.stackName] },
      physicalResourceId: custom.PhysicalResourceId.of('latest'),
    },
  });
  const userData = new ec2.MultipartUserData();
  const commands = ec2.UserData.forLinux();
  commands.addCommands('yum install -y docker', 'systemctl enable --now docker');
  userData.addUserDataPart(commands, ec2.MultipartBody.SHELL_SCRIPT, true);
  new ec2.LaunchTemplate(stack, 'Machines', { userData });
}

test('an app that starts its own task definitions in all ways of CDK has no errors', async () => {
  const ways = [byAspect(everydayApp), byPack(everydayApp), await byCheck(everydayApp)];
  const errors = ways.map((findings) => findings.filter((finding) => finding.startsWith('error')));
  expect(errors).toEqual([[], [], []]);
});
