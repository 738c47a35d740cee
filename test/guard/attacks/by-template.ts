import type { JsonObject } from '../../../lib/assembly/json';
import type { Attack } from './attack';
import { attack, BAD, container, GOOD, input, resource, shell, taskWith, withTask } from './attack';

const bad = { ContainerDefinitions: [{ Name: 'web', Image: BAD }] };
const overrides = { containerOverrides: [{ name: 'web', command: shell }] };
const pod = (spec: object) => ({ Manifest: JSON.stringify([{ kind: 'Pod', spec }]) });
const badBody = JSON.stringify({ Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: bad } } });
const script = '#!/bin/bash\ndocker --log-level warn run -d alpine:3.20 sleep 9\n';

/** What a template says outright. */
export const ATTACKS_BY_TEMPLATE: readonly Attack[] = [
  attack(
    'a Lambda function of a shelled image',
    'NonDistrolessBase',
    resource('AWS::Lambda::Function', { Code: { ImageUri: BAD } }),
  ),
  attack(
    'a Lambda function whose entrypoint is a shell',
    'ShellCommand',
    resource('AWS::Lambda::Function', { Code: { ImageUri: GOOD }, ImageConfig: { EntryPoint: shell } }),
  ),
  attack(
    'a container whose command is a shell',
    'ShellCommand',
    taskWith({ ContainerDefinitions: [{ ...container, Command: ['sh'] }] }),
  ),
  attack(
    'a container whose entrypoint is a shell by way of env',
    'ShellCommand',
    taskWith({ ContainerDefinitions: [{ ...container, EntryPoint: ['/usr/bin/env', 'bash'] }] }),
  ),
  attack(
    'a health check in a shell',
    'ShellCommand',
    taskWith({ ContainerDefinitions: [{ ...container, HealthCheck: { Command: ['CMD-SHELL', 'true'] } }] }),
  ),
  attack(
    'a FireLens sidecar',
    'NonDistrolessBase',
    taskWith({
      ContainerDefinitions: [container, { Name: 'log', Image: BAD, FirelensConfiguration: { Type: 'fluentbit' } }],
    }),
  ),
  attack(
    'a container that the service does not wait for',
    'NonDistrolessBase',
    taskWith({ ContainerDefinitions: [container, { Name: 'init', Image: BAD, Essential: false }] }),
  ),
  attack(
    'a volume of the host with programs in it',
    'Unproven',
    taskWith({ ContainerDefinitions: [container], Volumes: [{ Name: 'v', Host: { SourcePath: '/usr/bin' } }] }),
  ),
  attack(
    'the socket of the Docker daemon',
    'Unproven',
    taskWith({
      ContainerDefinitions: [container],
      Volumes: [{ Name: 'v', Host: { SourcePath: '/var/run/docker.sock' } }],
    }),
  ),
  attack(
    'a service that runs a task definition of elsewhere',
    'Unproven',
    withTask('AWS::ECS::Service', { TaskDefinition: 'legacy:3' }),
  ),
  attack(
    'a service that runs an older revision',
    'Unproven',
    withTask('AWS::ECS::Service', { TaskDefinition: 'arn:aws:ecs:eu-west-1:1:task-definition/web:3' }),
  ),
  attack('a service whose task definition is a parameter', 'Unproven', {
    Parameters: { P: { Type: 'String' } },
    Resources: { R: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'P' } } } },
  }),
  attack(
    'a schedule that overrides the command',
    'ShellCommand',
    withTask('AWS::Scheduler::Schedule', {
      Target: { EcsParameters: { TaskDefinitionArn: { Ref: 'T' } }, Input: input(overrides) },
    }),
  ),
  attack(
    'a rule that overrides the command',
    'ShellCommand',
    withTask('AWS::Events::Rule', {
      Targets: [{ EcsParameters: { TaskDefinitionArn: { Ref: 'T' } }, Input: input(overrides) }],
    }),
  ),
  attack(
    'a rule that starts a task definition of elsewhere',
    'Unproven',
    resource('AWS::Events::Rule', { Targets: [{ EcsParameters: { TaskDefinitionArn: 'legacy' } }] }),
  ),
  attack(
    'a pipe that overrides the command',
    'ShellCommand',
    withTask('AWS::Pipes::Pipe', {
      TargetParameters: {
        EcsTaskParameters: {
          TaskDefinitionArn: { Ref: 'T' },
          Overrides: { ContainerOverrides: [{ Name: 'web', Command: shell }] },
        },
      },
    }),
  ),
  attack(
    'a state machine that overrides the command',
    'ShellCommand',
    withTask('AWS::StepFunctions::StateMachine', {
      DefinitionString: input({
        States: {
          S: {
            Resource: 'arn:aws:states:::ecs:runTask.sync',
            Parameters: { TaskDefinition: 'web', Overrides: { ContainerOverrides: [{ Name: 'web', Command: shell }] } },
          },
        },
      }),
    }),
  ),
  attack(
    'a state machine that starts a task definition of elsewhere',
    'Unproven',
    resource('AWS::StepFunctions::StateMachine', {
      Definition: { States: { S: { Parameters: { TaskDefinition: 'legacy' } } } },
    }),
  ),
  attack(
    'a state machine that registers a task definition',
    'NonDistrolessBase',
    resource('AWS::StepFunctions::StateMachine', {
      DefinitionString: input({
        States: { S: { Resource: 'arn:aws:states:::aws-sdk:ecs:registerTaskDefinition', Parameters: bad } },
      }),
    }),
  ),
  attack(
    'a state machine that works the image out',
    'Unproven',
    resource('AWS::StepFunctions::StateMachine', {
      Definition: { States: { S: { Parameters: { AlgorithmSpecification: { 'TrainingImage.$': '$.image' } } } } },
    }),
  ),
  attack(
    'a custom resource that registers a task definition',
    'NonDistrolessBase',
    resource('Custom::AWS', {
      Create: {
        'Fn::Join': [
          '',
          [
            input({
              service: 'ECS',
              action: 'registerTaskDefinition',
              parameters: { containerDefinitions: [{ name: 'web', image: BAD }] },
            }),
          ],
        ],
      },
    }),
  ),
  attack(
    'a schedule that registers a task definition',
    'NonDistrolessBase',
    resource('AWS::Scheduler::Schedule', {
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:ecs:registerTaskDefinition', Input: input(bad) },
    }),
  ),
  attack(
    'a node of a multi-node job',
    'NonDistrolessBase',
    resource('AWS::Batch::JobDefinition', {
      NodeProperties: { NodeRangeProperties: [{ Container: { Image: GOOD } }, { Container: { Image: BAD } }] },
    }),
  ),
  attack(
    'a rule that submits a job of elsewhere',
    'Unproven',
    resource('AWS::Events::Rule', { Targets: [{ BatchParameters: { JobDefinition: 'legacy' } }] }),
  ),
  attack(
    'an init container of a manifest',
    'NonDistrolessBase',
    resource(
      'Custom::AWSCDK-EKS-KubernetesResource',
      pod({ containers: [{ name: 'web', image: GOOD }], initContainers: [{ name: 'init', image: BAD }] }),
    ),
  ),
  attack(
    'an ephemeral container of a manifest',
    'NonDistrolessBase',
    resource(
      'Custom::AWSCDK-EKS-KubernetesResource',
      pod({ containers: [{ name: 'web', image: GOOD }], ephemeralContainers: [{ name: 'debug', image: BAD }] }),
    ),
  ),
  attack(
    'a volume of a manifest that is an image',
    'NonDistrolessBase',
    resource(
      'Custom::AWSCDK-EKS-KubernetesResource',
      pod({ containers: [{ name: 'web', image: GOOD }], volumes: [{ name: 'tools', image: { reference: BAD } }] }),
    ),
  ),
  attack(
    'a volume of a manifest that is the host',
    'Unproven',
    resource(
      'Custom::AWSCDK-EKS-KubernetesResource',
      pod({ containers: [{ name: 'web', image: GOOD }], volumes: [{ name: 'host', hostPath: { path: '/' } }] }),
    ),
  ),
  attack(
    'a lifecycle hook of a manifest',
    'ShellCommand',
    resource(
      'Custom::AWSCDK-EKS-KubernetesResource',
      pod({ containers: [{ name: 'web', image: GOOD, lifecycle: { preStop: { exec: { command: shell } } } }] }),
    ),
  ),
  attack(
    'values of a Helm chart',
    'NonDistrolessBase',
    resource('Custom::AWSCDK-EKS-HelmChart', { Chart: 'c', Values: input({ sidecar: { image: BAD } }) }),
  ),
  attack(
    'values of an add-on',
    'NonDistrolessBase',
    resource('AWS::EKS::Addon', {
      ConfigurationValues: input({
        agent: { image: { repository: 'docker.io/library/alpine', tag: '3.20' } },
        init: { image: BAD },
      }),
    }),
  ),
  attack(
    'values of an add-on that are not JSON',
    'Unproven',
    resource('AWS::EKS::Addon', { ConfigurationValues: 'agent:\n  image: alpine:3.20\n' }),
  ),
  attack(
    'an App Runner service',
    'NonDistrolessBase',
    resource('AWS::AppRunner::Service', { SourceConfiguration: { ImageRepository: { ImageIdentifier: BAD } } }),
  ),
  attack(
    'an App Runner service whose start command is a shell',
    'ShellCommand',
    resource('AWS::AppRunner::Service', {
      SourceConfiguration: {
        ImageRepository: { ImageIdentifier: GOOD, ImageConfiguration: { StartCommand: 'sh -c ls' } },
      },
    }),
  ),
  attack('a SageMaker model', 'NonDistrolessBase', resource('AWS::SageMaker::Model', { Containers: [{ Image: BAD }] })),
  attack(
    'a SageMaker pipeline',
    'NonDistrolessBase',
    resource('AWS::SageMaker::Pipeline', {
      PipelineDefinition: {
        PipelineDefinitionBody: input({ Steps: [{ Arguments: { AppSpecification: { ImageUri: BAD } } }] }),
      },
    }),
  ),
  attack(
    'user data that runs a container',
    'Unproven',
    resource('AWS::EC2::Instance', { UserData: { 'Fn::Base64': script } }),
  ),
  attack(
    'user data that is base64 already',
    'Unproven',
    resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { UserData: Buffer.from(script).toString('base64') } }),
  ),
  attack(
    'cfn-init that runs a container',
    'Unproven',
    resource(
      'AWS::EC2::Instance',
      {},
      {
        Metadata: { 'AWS::CloudFormation::Init': { config: { commands: { '1': { command: 'docker run alpine' } } } } },
      },
    ),
  ),
  attack(
    'a document of Systems Manager',
    'Unproven',
    resource('AWS::SSM::Document', {
      Content: { mainSteps: [{ action: 'aws:runDockerAction', inputs: { container: 'alpine' } }] },
    }),
  ),
  attack(
    'a recipe of Greengrass',
    'Unproven',
    resource('AWS::GreengrassV2::ComponentVersion', {
      InlineRecipe: 'Manifests:\n  - Artifacts:\n      - URI: "docker:alpine:3.20"\n',
    }),
  ),
  attack(
    'a pipeline that deploys an image of its own',
    'Unproven',
    resource('AWS::CodePipeline::Pipeline', {
      Stages: [{ Actions: [{ Name: 'Deploy', ActionTypeId: { Category: 'Deploy', Provider: 'ECS' } }] }],
    }),
  ),
  attack(
    'a Docker platform of Beanstalk',
    'Unproven',
    resource('AWS::ElasticBeanstalk::Environment', {
      SolutionStackName: '64bit Amazon Linux 2023 v4.0 running Docker',
    }),
  ),
  attack(
    'the body of a stack set',
    'NonDistrolessBase',
    resource('AWS::CloudFormation::StackSet', { TemplateBody: badBody }),
  ),
  attack(
    'the body of a stack set that is YAML',
    'Unproven',
    resource('AWS::CloudFormation::StackSet', { TemplateBody: 'Resources: {}' }),
  ),
  attack(
    'a stack set of elsewhere',
    'Unproven',
    resource('AWS::CloudFormation::StackSet', { TemplateURL: 'https://bucket.test/t.json' }),
  ),
  attack(
    'a nested stack of elsewhere',
    'Unproven',
    resource('AWS::CloudFormation::Stack', { TemplateURL: 'https://bucket.test/t.json' }),
  ),
  attack(
    'a product of Service Catalog',
    'Unproven',
    resource('AWS::ServiceCatalog::CloudFormationProduct', {
      ProvisioningArtifactParameters: [{ Info: { LoadTemplateFromURL: 'https://bucket.test/t.json' } }],
    }),
  ),
  attack(
    'a product that is provisioned',
    'Unproven',
    resource('AWS::ServiceCatalog::CloudFormationProvisionedProduct', { ProductId: 'p' }),
  ),
  attack('a transform of the whole template', 'Unproven', {
    Transform: { Name: 'AWS::Include', Parameters: { Location: 's3://b/t.json' } },
    Resources: {},
  }),
  attack('a transform beside the sections', 'Unproven', { 'Fn::Transform': { Name: 'AWS::Include' }, Resources: {} }),
  attack('a transform among the resources', 'Unproven', { Resources: { 'Fn::Transform': { Name: 'AWS::Include' } } }),
  attack('a transform in a resource', 'Unproven', { Resources: { R: { 'Fn::Transform': { Name: 'AWS::Include' } } } }),
  attack(
    'a transform among the properties',
    'Unproven',
    taskWith({ Family: 'web', 'Fn::Transform': { Name: 'AWS::Include' } }),
  ),
  attack(
    'a transform in a container',
    'Unproven',
    taskWith({ ContainerDefinitions: [{ ...container, 'Fn::Transform': { Name: 'Mine' } }] }),
  ),
  attack('an image of a parameter of Systems Manager', 'Unproven', {
    Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: GOOD } },
    ...taskWith({ ContainerDefinitions: [{ ...container, Image: { Ref: 'P' } }] }),
  }),
  attack(
    'a dynamic reference',
    'Unproven',
    taskWith({ ContainerDefinitions: [{ ...container, Image: '{{resolve:ssm:/image}}' }] }),
  ),
  attack('one of the values of a mapping', 'NonDistrolessBase', {
    Mappings: { M: { eu: { i: GOOD }, us: { i: BAD } } },
    ...taskWith({
      ContainerDefinitions: [{ ...container, Image: { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'i'] } }],
    }),
  }),
  attack('the default of a mapping', 'NonDistrolessBase', {
    Mappings: { M: { eu: { i: GOOD } } },
    ...taskWith({
      ContainerDefinitions: [{ ...container, Image: { 'Fn::FindInMap': ['M', 'us', 'i', { DefaultValue: BAD }] } }],
    }),
  }),
];

/** What looks like an attack and is none. */
export const HARMLESS: ReadonlyArray<readonly [string, JsonObject]> = [
  ['a task of a good image', taskWith({ ContainerDefinitions: [container] })],
  [
    'a volume for data',
    taskWith({
      ContainerDefinitions: [container],
      Volumes: [{ Name: 'v', Host: { SourcePath: '/srv/data' } }, { Name: 'e' }],
    }),
  ],
  ['a service of the assembly', withTask('AWS::ECS::Service', { TaskDefinition: { Ref: 'T' } })],
  ['a service that names a family of the assembly', withTask('AWS::ECS::Service', { TaskDefinition: 'web' })],
  ['a service of task sets', withTask('AWS::ECS::Service', { DeploymentController: { Type: 'EXTERNAL' } })],
  [
    'a rule that calls a function',
    resource('AWS::Events::Rule', { Targets: [{ Arn: 'arn:aws:lambda:::f', Input: input({ image: 'cat.png' }) }] }),
  ],
  [
    'a schedule that overrides with a program',
    withTask('AWS::Scheduler::Schedule', {
      Target: {
        EcsParameters: { TaskDefinitionArn: { Ref: 'T' } },
        Input: input({ containerOverrides: [{ name: 'web', command: ['/app', 'nightly'] }] }),
      },
    }),
  ],
  [
    'a state machine without containers',
    resource('AWS::StepFunctions::StateMachine', {
      DefinitionString: input({ States: { S: { Type: 'Pass', Parameters: { Image: { S3Object: 'x' } } } } }),
    }),
  ],
  [
    'user data without containers',
    resource('AWS::EC2::Instance', {
      UserData: { 'Fn::Base64': '#!/bin/bash\nyum install -y docker\nsystemctl start docker\n' },
    }),
  ],
  [
    'a project that builds images',
    resource('AWS::CodeBuild::Project', {
      Environment: { Image: 'aws/codebuild/standard:7.0' },
      Source: { BuildSpec: 'docker build .' },
    }),
  ],
  [
    'a pipeline that deploys templates',
    resource('AWS::CodePipeline::Pipeline', {
      Stages: [{ Actions: [{ Name: 'Deploy', ActionTypeId: { Category: 'Deploy', Provider: 'CloudFormation' } }] }],
    }),
  ],
  ['the serverless transform', { Transform: 'AWS::Serverless-2016-10-31', Resources: {} }],
];
