import { Match, Template } from 'aws-cdk-lib/assertions';
import { findingsOf, platformOf } from './service-files';

const ALL = `architecture: arm64
services:
  api:
    template: web
    path: /api
    health: /ready
    size: large
    minTasks: 3
    maxTasks: 9
    environment: { MODE: fast }
    secrets: { TOKEN: team/token }
    image: { language: go, directory: SOURCES/go-api }
  mailer:
    template: worker
    visibilitySeconds: 120
    maxTasks: 7
    image: { language: go, directory: SOURCES/go-api }
  night-report:
    template: job
    schedule: cron(0 3 * * ? *)
    image: { language: go, directory: SOURCES/go-api }
`;

describe('the templates', () => {
  const stack = platformOf(ALL);
  const template = Template.fromStack(stack);

  test('are found in order by our rules and by cdk-nag', () => {
    expect(findingsOf(stack)).toEqual([]);
  });

  test('make web services behind one load balancer, each below its path, that scale', () => {
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api', '/api/*'] } }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: '/ready' });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 9 });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '1024',
      Memory: '2048',
      ContainerDefinitions: [
        { Environment: [{ Name: 'MODE', Value: 'fast' }], Secrets: [Match.objectLike({ Name: 'TOKEN' })] },
      ],
    });
  });

  test('make workers with queues', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 120 });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MaxCapacity: 7 });
  });

  test('make jobs with schedules', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(0 3 * * ? *)' });
  });

  test('run on the architecture that the file names', () => {
    template.resourcePropertiesCountIs(
      'AWS::ECS::TaskDefinition',
      { RuntimePlatform: { CpuArchitecture: 'ARM64' } },
      3,
    );
  });
});

test('a shell beside a service has a reason and an end, and is told', () => {
  const debug = "    debug: { reason: INFRA-1234, expires: '2999-12-31' }\n";
  const stack = platformOf(`services:
  api:
    template: web
    path: /api
${debug}    image: { language: nodejs, directory: SOURCES/node-api }
  mailer:
    template: worker
${debug}    image: { language: nodejs, directory: SOURCES/node-api }
`);
  Template.fromStack(stack).resourcePropertiesCountIs(
    'AWS::ECS::TaskDefinition',
    { ContainerDefinitions: Match.arrayWith([Match.objectLike({ Name: 'debug' })]) },
    2,
  );
  expect(findingsOf(stack).sort()).toEqual(['ExecuteCommand[app]', 'ExecuteCommand[app]']);
});
