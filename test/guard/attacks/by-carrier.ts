import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../../../lib/assembly/json';
import type { Attack } from './attack';
import { attack, BAD, container, GOOD, input, resource, shell, taskWith, withTask } from './attack';

const machine = (Properties: JsonObject) => resource('AWS::StepFunctions::StateMachine', Properties);
const state = (Parameters: object, Resource = 'arn:aws:states:::aws-sdk:sagemaker:createModel') =>
  input({ States: { S: { Type: 'Task', Resource, Parameters } } });
const runTask = (Parameters: object) => state(Parameters, 'arn:aws:states:::ecs:runTask.sync');
const call = (action: string, parameters: object) => input({ service: 'ECS', action, parameters });
const rule = (target: JsonObject) =>
  withTask('AWS::Events::Rule', { Targets: [{ EcsParameters: { TaskDefinitionArn: { Ref: 'T' } }, ...target }] });
const pipe = (Overrides: JsonObject) =>
  withTask('AWS::Pipes::Pipe', {
    TargetParameters: { EcsTaskParameters: { TaskDefinitionArn: { Ref: 'T' }, Overrides } },
  });
const manifest = (...documents: object[]) =>
  resource('Custom::AWSCDK-EKS-KubernetesResource', { Manifest: JSON.stringify(documents) });
const podWith = (more: object) =>
  manifest({ kind: 'Pod', spec: { containers: [{ name: 'web', image: GOOD, ...more }] } });
const patch = (document: unknown) =>
  resource('Custom::AWSCDK-EKS-KubernetesPatch', { ApplyPatchJson: JSON.stringify(document), RestorePatchJson: '{}' });
const volume = (Volume: JsonObject) =>
  taskWith({ ContainerDefinitions: [container], Volumes: [{ Name: 'v', ...Volume }] });
const host = (SourcePath: JsonObject | string) => volume({ Host: { SourcePath } });
const userData = (text: string | JsonObject) => resource('AWS::EC2::Instance', { UserData: text });
const script = '#!/bin/bash\ndocker run -d alpine:3.20 sleep 9\n';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Images and commands in the documents, scripts and calls of other services. */
export const ATTACKS_BY_CARRIER: readonly Attack[] = [
  attack(
    'a definition that is filled in as it is deployed',
    'NonDistrolessBase',
    machine({
      DefinitionString: state({ PrimaryContainer: { Image: '${image}' } }),
      DefinitionSubstitutions: { image: BAD },
    }),
  ),
  attack(
    'the name of a member that is filled in',
    'NonDistrolessBase',
    machine({
      DefinitionString: state({ PrimaryContainer: { '${key}': BAD } }),
      DefinitionSubstitutions: { key: 'Image' },
    }),
  ),
  attack(
    'a whole definition that is filled in',
    'NonDistrolessBase',
    machine({
      DefinitionString: '${all}',
      DefinitionSubstitutions: { all: state({ PrimaryContainer: { Image: BAD } }) },
    }),
  ),
  attack(
    'a command that is filled in',
    'ShellCommand',
    withTask('AWS::StepFunctions::StateMachine', {
      DefinitionString: runTask({
        TaskDefinition: 'web',
        Overrides: { ContainerOverrides: [{ Name: 'web', Command: ['${program}', '-c', 'ls'] }] },
      }),
      DefinitionSubstitutions: { program: 'sh' },
    }),
  ),
  attack(
    'a definition that lies elsewhere',
    'Unproven',
    machine({ DefinitionS3Location: { Bucket: 'b', Key: 'd.json' } }),
  ),
  attack(
    'a serverless state machine',
    'NonDistrolessBase',
    resource('AWS::Serverless::StateMachine', {
      Definition: { States: { S: { Parameters: { PrimaryContainer: { Image: BAD } } } } },
    }),
  ),
  attack(
    'a serverless state machine that lies elsewhere',
    'Unproven',
    resource('AWS::Serverless::StateMachine', { DefinitionUri: 's3://b/d.json' }),
  ),
  attack(
    'a task that a state machine works out',
    'Unproven',
    machine({ DefinitionString: runTask({ 'TaskDefinition.$': '$.task' }) }),
  ),
  attack(
    'a command that a state machine works out',
    'Unproven',
    withTask('AWS::StepFunctions::StateMachine', {
      DefinitionString: runTask({
        TaskDefinition: 'web',
        Overrides: { ContainerOverrides: [{ Name: 'web', 'Command.$': '$.command' }] },
      }),
    }),
  ),
  attack(
    'overrides that a state machine works out',
    'Unproven',
    withTask('AWS::StepFunctions::StateMachine', {
      DefinitionString: runTask({ TaskDefinition: 'web', 'Overrides.$': '$.overrides' }),
    }),
  ),
  attack(
    'a command in JSONata',
    'Unproven',
    withTask('AWS::StepFunctions::StateMachine', {
      Definition: {
        QueryLanguage: 'JSONata',
        States: {
          S: {
            Arguments: {
              TaskDefinition: 'web',
              Overrides: { ContainerOverrides: [{ Name: 'web', Command: '{% $states.input %}' }] },
            },
          },
        },
      },
    }),
  ),
  attack(
    'an image in JSONata',
    'Unproven',
    machine({
      Definition: { QueryLanguage: 'JSONata', States: { S: { Arguments: { Image: '{% "al" & "pine" %}' } } } },
    }),
  ),
  attack(
    'a container of a job on EKS',
    'NonDistrolessBase',
    machine({
      DefinitionString: state({
        JobDefinition: 'x',
        EksPropertiesOverride: { PodProperties: { Containers: [{ Image: BAD }] } },
      }),
    }),
  ),
  attack('a command of a job of several containers', 'ShellCommand', {
    Resources: {
      J: {
        Type: 'AWS::Batch::JobDefinition',
        Properties: {
          JobDefinitionName: 'j',
          EcsProperties: { TaskProperties: [{ Containers: [{ Name: 'web', Image: GOOD }] }] },
        },
      },
      R: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          DefinitionString: state({
            JobDefinition: 'j',
            EcsPropertiesOverride: { TaskProperties: [{ Containers: [{ Name: 'web', Command: shell }] }] },
          }),
        },
      },
    },
  }),
  attack(
    'a rule that makes the command of an event',
    'ShellCommand',
    rule({
      InputTransformer: {
        InputPathsMap: { x: '$.detail.x' },
        InputTemplate: '{"containerOverrides":[{"name":"web","command":["sh","-c",<x>]}]}',
      },
    }),
  ),
  attack(
    'a rule that takes the command from an event',
    'Unproven',
    rule({
      InputTransformer: {
        InputPathsMap: { x: '$.detail.x' },
        InputTemplate: '{"containerOverrides":[{"name":"web","command":<x>}]}',
      },
    }),
  ),
  attack('a rule that takes all from an event', 'Unproven', rule({ InputPath: '$.detail' })),
  attack(
    'a rule that runs a command on machines',
    'Unproven',
    resource('AWS::Events::Rule', {
      Targets: [
        {
          Arn: 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript',
          Input: input({ commands: ['docker run alpine'] }),
        },
      ],
    }),
  ),
  attack(
    'a pipe that takes the command from its source',
    'Unproven',
    pipe({ ContainerOverrides: [{ Name: 'web', Command: ['$.body.command'] }] }),
  ),
  attack(
    'a schedule that calls the API',
    'ShellCommand',
    withTask('AWS::Scheduler::Schedule', {
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask',
        Input: input({ TaskDefinition: 'web', Overrides: { ContainerOverrides: [{ Name: 'web', Command: shell }] } }),
      },
    }),
  ),
  attack(
    'a schedule that calls the API for a task of elsewhere',
    'Unproven',
    resource('AWS::Scheduler::Schedule', {
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask', Input: input({ TaskDefinition: 'legacy' }) },
    }),
  ),
  attack(
    'a custom resource that runs a task of elsewhere',
    'Unproven',
    resource('Custom::AWS', { Create: call('runTask', { taskDefinition: 'legacy' }) }),
  ),
  attack(
    'a custom resource that overrides the command',
    'ShellCommand',
    withTask('Custom::AWS', {
      Update: call('runTask', {
        taskDefinition: 'web',
        overrides: { containerOverrides: [{ name: 'web', command: shell }] },
      }),
    }),
  ),
  attack(
    'a custom resource that acts as it is deleted',
    'NonDistrolessBase',
    resource('Custom::AWS', {
      Delete: call('registerTaskDefinition', { containerDefinitions: [{ name: 'web', image: BAD }] }),
    }),
  ),
  attack(
    'a custom resource of another name',
    'NonDistrolessBase',
    resource('Custom::Registration', {
      ServiceToken: 'arn',
      Create: call('registerTaskDefinition', { containerDefinitions: [{ name: 'web', image: BAD }] }),
    }),
  ),
  attack(
    'a custom resource without a name',
    'Unproven',
    resource('AWS::CloudFormation::CustomResource', {
      ServiceToken: 'arn',
      Create: call('updateService', { service: 's', taskDefinition: 'legacy:7' }),
    }),
  ),
  attack(
    'an automation that runs a task',
    'Unproven',
    resource('AWS::SSM::Document', {
      DocumentType: 'Automation',
      Content: {
        mainSteps: [
          { action: 'aws:executeAwsApi', inputs: { Service: 'ecs', Api: 'RunTask', taskDefinition: 'legacy' } },
        ],
      },
    }),
  ),
  attack(
    'an association with the document that runs containers',
    'Unproven',
    resource('AWS::SSM::Association', {
      Name: 'AWS-RunDockerAction',
      Parameters: { action: ['Run'], image: [BAD] },
    }),
  ),
  attack(
    'a SageMaker pipeline that lies elsewhere',
    'Unproven',
    resource('AWS::SageMaker::Pipeline', {
      PipelineDefinition: { PipelineDefinitionS3Location: { Bucket: 'b', Key: 'p.json' } },
    }),
  ),
  attack(
    'a model of a package of elsewhere',
    'Unproven',
    resource('AWS::SageMaker::Model', {
      PrimaryContainer: { ModelPackageName: 'arn:aws:sagemaker:eu-west-1:1:model-package/p/1' },
    }),
  ),
  attack(
    'a workflow whose images its definition names',
    'Unproven',
    resource('AWS::Omics::Workflow', { DefinitionUri: 's3://b/w.zip' }),
  ),
  attack(
    'an image that Beanstalk builds',
    'Unproven',
    resource('AWS::ElasticBeanstalk::ApplicationVersion', {
      ImageConfiguration: { Build: { Type: 'Dockerfile' } },
    }),
  ),
  attack(
    'an image that App Runner builds',
    'Unproven',
    resource('AWS::AppRunner::Service', {
      SourceConfiguration: { CodeRepository: { RepositoryUrl: 'https://git.test/app' } },
    }),
  ),
  attack(
    'the image of Spark on a cluster',
    'NonDistrolessBase',
    resource('AWS::EMR::Cluster', {
      Configurations: [
        {
          Classification: 'spark-defaults',
          ConfigurationProperties: { 'spark.executorEnv.YARN_CONTAINER_RUNTIME_DOCKER_IMAGE': BAD },
        },
      ],
    }),
  ),
  attack(
    'the image of Spark in a job',
    'NonDistrolessBase',
    machine({
      DefinitionString: state({
        ConfigurationOverrides: {
          ApplicationConfiguration: [{ Properties: { 'spark.kubernetes.container.image': BAD } }],
        },
      }),
    }),
  ),
  attack('a global image of functions', 'Unproven', {
    Transform: 'AWS::Serverless-2016-10-31',
    Globals: { Function: { PackageType: 'Image', ImageUri: BAD } },
    Resources: {},
  }),
  attack(
    'the image of a resource of Kubernetes in the registry of types',
    'Unproven',
    resource('AWSQS::Kubernetes::Resource', {
      Manifest: 'kind: Pod\nspec:\n  containers: [{ name: web, image: alpine }]\n',
    }),
  ),
  attack(
    'the second of two hooks',
    'ShellCommand',
    podWith({
      livenessProbe: { exec: { command: ['/app', 'health'] } },
      lifecycle: { preStop: { exec: { command: shell } } },
    }),
  ),
  attack(
    'a list of Kubernetes',
    'NonDistrolessBase',
    manifest({ kind: 'List', items: [{ kind: 'Pod', spec: { containers: [{ name: 'web', image: BAD }] } }] }),
  ),
  attack(
    'a resource of an operator',
    'NonDistrolessBase',
    manifest({ kind: 'Prometheus', spec: { thanos: { image: BAD } } }),
  ),
  attack(
    'a patch by operations',
    'NonDistrolessBase',
    patch([{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: BAD }]),
  ),
  attack(
    'a patch of the command by operations',
    'ShellCommand',
    patch([{ op: 'add', path: '/spec/template/spec/containers/0/command', value: shell }]),
  ),
  attack(
    'a patch of the command',
    'ShellCommand',
    patch({ spec: { template: { spec: { containers: [{ name: 'web', command: shell }] } } } }),
  ),
  attack('the directory with the socket of the Docker daemon', 'Unproven', host('/var/run')),
  attack('the processes of the host', 'Unproven', host('/proc')),
  attack('the images of the host', 'Unproven', host('/var/lib/docker')),
  attack('the programs of the host by a detour', 'Unproven', host('/srv/../usr/./bin')),
  attack('the programs of the host with two slashes', 'Unproven', host('//usr//bin')),
  attack('a volume of the host that is a parameter', 'Unproven', {
    Parameters: { P: { Type: 'String' } },
    ...host({ Ref: 'P' }),
  }),
  attack(
    'a volume of Docker that is the host',
    'Unproven',
    volume({
      DockerVolumeConfiguration: { Driver: 'local', DriverOpts: { type: 'none', o: 'bind', device: '/usr/bin' } },
    }),
  ),
  attack(
    'user data of several parts',
    'Unproven',
    userData({
      'Fn::Base64': {
        'Fn::Join': [
          '\n',
          [
            'Content-Type: multipart/mixed; boundary="B"',
            'MIME-Version: 1.0',
            '',
            '--B',
            'Content-Type: text/x-shellscript; charset="utf-8"',
            'Content-Transfer-Encoding: base64',
            '',
            { 'Fn::Base64': script },
            '--B--',
          ],
        ],
      },
    }),
  ),
  attack('user data of several lines of base64', 'Unproven', userData(base64(script).replace(/.{20}/g, '$&\n'))),
  attack('user data that is compressed', 'Unproven', userData(gzipSync(script).toString('base64'))),
];

const withAction = (Create: string) => resource('Custom::AWS', { Create });

/** What looks like an attack by a carrier and is none. */
export const HARMLESS_CARRIERS: ReadonlyArray<readonly [string, JsonObject]> = [
  [
    'a custom resource that reads a task definition',
    withAction(call('describeTaskDefinition', { taskDefinition: 'legacy' })),
  ],
  [
    'a custom resource that takes a task definition away',
    withAction(call('deregisterTaskDefinition', { taskDefinition: 'legacy:1' })),
  ],
  ['a custom resource about pictures', resource('Custom::Thumbnail', { ServiceToken: 'arn', Image: 'cat.png' })],
  [
    'a state machine that reads a task definition',
    machine({
      DefinitionString: state({ TaskDefinition: 'x' }, 'arn:aws:states:::aws-sdk:ecs:describeTaskDefinition'),
    }),
  ],
  [
    'a rule that fills in an argument',
    rule({
      InputTransformer: {
        InputPathsMap: { x: '$.x' },
        InputTemplate: '{"containerOverrides":[{"name":"web","command":["/app",<x>]}]}',
      },
    }),
  ],
  [
    'a state machine that works out an argument',
    withTask('AWS::StepFunctions::StateMachine', {
      DefinitionString: runTask({
        TaskDefinition: 'web',
        Overrides: { ContainerOverrides: [{ Name: 'web', Environment: [{ Name: 'A', 'Value.$': '$.a' }] }] },
      }),
    }),
  ],
  ['a patch of the number of replicas', patch({ spec: { replicas: 2 } })],
  ['a volume for what a program writes', host('/var/lib/app')],
  ['a volume for logs', host('/var/log/app')],
  ['the logs of containers', host('/var/lib/docker/containers')],
  ['a volume of Docker', volume({ DockerVolumeConfiguration: { Driver: 'local', Scope: 'shared' } })],
  [
    'probes without a shell',
    podWith({
      securityContext: { runAsUser: 65532 },
      livenessProbe: { exec: { command: ['/app', 'health'] } },
      lifecycle: { preStop: { exec: { command: ['/app', 'stop'] } } },
    }),
  ],
  [
    'a definition that is filled in with an argument',
    machine({
      DefinitionString: state({ FunctionName: '${f}' }, 'arn:aws:states:::lambda:invoke'),
      DefinitionSubstitutions: { f: { 'Fn::GetAtt': ['F', 'Arn'] } },
    }),
  ],
];
