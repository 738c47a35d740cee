/** Four apps that everything in the guard has to see through in the same way. */
import type { App } from 'aws-cdk-lib';
import {
  aws_codepipeline as codepipeline,
  aws_codepipeline_actions as actions,
  aws_ecr_assets as assets,
  aws_ecs as ecs,
  aws_lambda as lambda,
  aws_s3 as s3,
  CfnResource,
  cloudformation_include as include,
  NestedStack,
  pipelines,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import { join } from 'node:path';
import { SITE_CASES } from '../assembly/site-cases';
import { BAD, buildContext, GOOD, task, writeAssembly } from './guarded-apps';

const SHELLED = `FROM busybox:1.37 AS tools\nFROM ${GOOD}\nCOPY --from=tools /bin/busybox /bin/sh\n`;

/** Assets, references, a function, a service with ECS Exec. */
function defaultApp(app: App): void {
  const stack = new Stack(app, 'Web');
  const shelled = new assets.DockerImageAsset(stack, 'Image', { directory: buildContext(SHELLED) });
  const definition = task(stack, 'T', { web: BAD, good: GOOD });
  definition.addContainer('shelled', {
    image: ecs.ContainerImage.fromDockerImageAsset(shelled),
    healthCheck: { command: ['curl http://localhost'] },
  });
  new lambda.DockerImageFunction(stack, 'F', { code: lambda.DockerImageCode.fromImageAsset(buildContext(SHELLED)) });
  const services = new Stack(app, 'Services');
  const cluster = new ecs.Cluster(services, 'C');
  new ecs.FargateService(services, 'S', { cluster, taskDefinition: definition, enableExecuteCommand: true });
}

/** A CDK pipeline: Stages below the pipeline's stack. */
function pipelineApp(app: App): void {
  const stack = new Stack(app, 'Pipeline', { env: { account: '123456789012', region: 'eu-west-1' } });
  const source = pipelines.CodePipelineSource.s3(new s3.Bucket(stack, 'Source'), 'app.zip', {
    trigger: actions.S3Trigger.NONE,
  });
  const synth = new pipelines.ShellStep('Synth', { input: source, commands: ['npx cdk synth'] });
  const pipeline = new pipelines.CodePipeline(stack, 'P', { synth, pipelineType: codepipeline.PipelineType.V2 });
  for (const id of ['Test', 'Prod']) {
    const stage = new Stage(stack, id, { env: { account: '123456789012', region: 'eu-west-1' } });
    const definition = task(new Stack(stage, 'Web'), 'T', { web: BAD });
    definition.addContainer('shelled', { image: ecs.ContainerImage.fromAsset(buildContext(SHELLED)) });
    pipeline.addStage(stage);
  }
}

/** Nested stacks, property overrides, generic resources, included templates. */
function overriddenApp(app: App): void {
  const stack = new Stack(app, 'S');
  const nested = new NestedStack(stack, 'N');
  const image = new assets.DockerImageAsset(stack, 'Image', { directory: buildContext(SHELLED) });
  task(nested, 'T', { web: BAD }).addContainer('passed', { image: ecs.ContainerImage.fromDockerImageAsset(image) });
  task(new NestedStack(nested, 'Deep'), 'T', { deep: BAD });
  const overridden = task(stack, 'Overridden', { web: GOOD }).node.defaultChild as ecs.CfnTaskDefinition;
  overridden.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
  overridden.addOverride('Properties.ContainerDefinitions.0.Command', ['sh', '-c', 'sleep 1']);
  const generic = { ContainerDefinitions: [{ Name: 'generic', Image: BAD }] };
  new CfnResource(stack, 'Generic', { type: 'AWS::ECS::TaskDefinition', properties: generic });
  const properties = { ContainerDefinitions: [{ Name: 'included', Image: { 'Fn::If': ['C', BAD, GOOD] } }] };
  const template = {
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
    Resources: { Included: { Type: 'AWS::ECS::TaskDefinition', Properties: properties } },
  };
  const templateFile = join(writeAssembly({ 't.json': template }), 't.json');
  new include.CfnInclude(stack, 'Include', { templateFile });
}

/** A resource for each row of the table of sites. */
function everySite(app: App): void {
  const stack = new Stack(app, 'Sites');
  SITE_CASES.forEach(([row, type, properties], index) => {
    new CfnResource(stack, `Row${row}Case${index}`, { type, properties });
  });
}

export const FOUR_APPS: ReadonlyArray<readonly [string, (app: App) => void]> = [
  ['the default app', defaultApp],
  ['a pipeline with Stages', pipelineApp],
  ['nested stacks and overrides', overriddenApp],
  ['all 32 sites', everySite],
];
