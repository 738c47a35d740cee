import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { FlowLogDestination, Vpc } from 'aws-cdk-lib/aws-ec2';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import * as library from '../../lib';
import { DebugSidecar } from '../../lib/services/debug-sidecar';
import { DistrolessFargateService } from '../../lib/services/distroless-fargate-service';
import { DistrolessFunction } from '../../lib/services/distroless-function';
import { DistrolessScheduledTask } from '../../lib/services/distroless-scheduled-task';
import { DistrolessTaskDefinition } from '../../lib/services/distroless-task-definition';
import { DistrolessWorkerService } from '../../lib/services/distroless-worker-service';
import { TestImage } from './test-image';

/** What the README lists, by the construct that it is in; its table gives the reasons. */
const LISTED = [
  'AwsSolutions-EC23 Test/Public/Service/LB/SecurityGroup/Resource',
  'AwsSolutions-ECS2 Test/Worker/Task/Resource',
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole] Test/Function/ServiceRole/Resource',
  'AwsSolutions-IAM5[Resource::*] Test/Internal/Task/ExecutionRole/DefaultPolicy/Resource',
  'AwsSolutions-IAM5[Resource::*] Test/Job/Task/ExecutionRole/DefaultPolicy/Resource',
  'AwsSolutions-IAM5[Resource::*] Test/Public/Task/ExecutionRole/DefaultPolicy/Resource',
  'AwsSolutions-IAM5[Resource::*] Test/Task/ExecutionRole/DefaultPolicy/Resource',
  'AwsSolutions-IAM5[Resource::*] Test/Worker/Task/ExecutionRole/DefaultPolicy/Resource',
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:eu-west-1:*:task/<DistrolessDefaultClusterVpc0BAA0575>/*] Test/Job/Task/EventsRole/DefaultPolicy/Resource',
];

function app(): App {
  const app = new App();
  const stack = new Stack(app, 'Test', { env: { account: '123456789012', region: 'eu-west-1' } });
  const accessLogsBucket = new Bucket(stack, 'Logs', {
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(accessLogsBucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'it holds the access logs' });
  const vpc = new Vpc(stack, 'Vpc', { flowLogs: { all: { destination: FlowLogDestination.toCloudWatchLogs() } } });
  const image = new TestImage(stack, 'Image');
  const arn = 'arn:aws:acm:eu-west-1:123456789012:certificate/example';
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', arn);
  new DistrolessFargateService(stack, 'Internal', { vpc, image, accessLogsBucket });
  new DistrolessFargateService(stack, 'Public', { vpc, image, accessLogsBucket, certificate });
  new DistrolessWorkerService(stack, 'Worker', { vpc, image });
  new DistrolessScheduledTask(stack, 'Job', { vpc, image, schedule: Schedule.rate(Duration.hours(1)) });
  new DistrolessFunction(stack, 'Function', { image });
  const taskDefinition = new DistrolessTaskDefinition(stack, 'Task', { image });
  new DebugSidecar(stack, 'Debug', { taskDefinition, reason: 'INFRA-1234', expires: '2999-12-31' });
  return app;
}

test('AwsSolutionsChecks finds in the services only what the README lists', () => {
  const report = new AwsSolutionsChecks().validateScope(app());
  const found = report.violations.flatMap(({ ruleName, violatingResources }) =>
    (violatingResources ?? []).map((resource) => `${ruleName} ${resource.constructPath}`),
  );
  expect(found.sort()).toEqual(LISTED);
});

/** Constructs that are no services. */
const IMAGES = /Image$/;

test('each service construct of the library is among them', () => {
  const constructs = app().node.findAll();
  const classes = Object.entries(library).filter(
    ([name, exported]) =>
      typeof exported === 'function' && exported.prototype instanceof Construct && !IMAGES.test(name),
  );
  const missing = classes.filter(
    ([, exported]) => !constructs.some((node) => node instanceof (exported as unknown as typeof Construct)),
  );
  expect(classes.length).toBeGreaterThan(5);
  expect(missing.map(([name]) => name)).toEqual([]);
});
