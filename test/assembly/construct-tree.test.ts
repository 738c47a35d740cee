import { join } from 'node:path';
import {
  aws_ecr_assets as assets,
  aws_ecs as ecs,
  aws_lambda as lambda,
  CfnParameter,
  CfnResource,
  cloudformation_include as include,
  Fn,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { readAssembly } from '../../lib/assembly/cloud-assembly';
import { readConstructTree } from '../../lib/assembly/construct-tree';
import { imageUses } from '../../lib/assembly/image-uses';
import type { ImageUse } from '../../lib/policy/image-use';
import { app, buildContext, taskOf, writeAssembly } from './cdk-apps';

const context = buildContext();
const asset = () => ecs.ContainerImage.fromAsset(context, { platform: assets.Platform.LINUX_AMD64 });

/** The uses of an app, read from its constructs as CDK validates them, and from what it then writes. */
function bothWays(root: App): [fromTree: ImageUse[], fromDisk: ImageUse[]] {
  let fromTree: ImageUse[] = [];
  root.node.addValidation({
    validate: () => {
      fromTree = imageUses(readConstructTree(root));
      return [];
    },
  });
  const fromDisk = imageUses(readAssembly(root.synth().directory));
  return [fromTree, fromDisk];
}

/** A use without what the tree cannot know (the file) and what it knows better (the user's own path). */
function comparable(use: ImageUse): object {
  return { ...use, templateFile: undefined, origin: { ...use.origin, displayPath: undefined } };
}

describe('a construct tree tells the same as the assembly it becomes', () => {
  test.each<[string, (root: App) => void]>([
    ['an asset', (root) => taskOf(new Stack(root, 'S'), 'T', asset())],
    [
      'the legacy synthesizer',
      (root) => taskOf(new Stack(root, 'S', { synthesizer: new LegacyStackSynthesizer() }), 'T', asset()),
    ],
    [
      'nested stacks',
      (root) => {
        const stack = new Stack(root, 'S');
        const image = new assets.DockerImageAsset(stack, 'A', { directory: context });
        const outer = new NestedStack(stack, 'N');
        taskOf(outer, 'T', ecs.ContainerImage.fromDockerImageAsset(image));
        taskOf(new NestedStack(outer, 'M'), 'T', asset());
      },
    ],
    [
      'a value of another stack',
      (root) => {
        const task = taskOf(new Stack(root, 'Tasks'), 'T', asset());
        const stack = new Stack(root, 'Services');
        const cluster = new ecs.Cluster(stack, 'C');
        new ecs.FargateService(stack, 'F', { cluster, taskDefinition: task, enableExecuteCommand: true });
      },
    ],
    [
      'an override',
      (root) => {
        const task = taskOf(new Stack(root, 'S'), 'T', asset()).node.defaultChild as ecs.CfnTaskDefinition;
        task.addPropertyOverride('ContainerDefinitions.0.Image', 'busybox');
      },
    ],
    [
      'a generic resource',
      (root) => {
        const stack = new Stack(root, 'S');
        const properties = { ContainerDefinitions: [{ Name: 'web', Image: Fn.sub('${P}:1') }] };
        new CfnParameter(stack, 'P', { allowedValues: ['a.test/x', 'b.test/x'] });
        new CfnResource(stack, 'T', { type: 'AWS::ECS::TaskDefinition', properties });
      },
    ],
    [
      'an included template',
      (root) => {
        const properties = { ContainerDefinitions: [{ Name: 'web', Image: { 'Fn::If': ['C', 'a', 'b'] } }] };
        const template = {
          Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
          Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: properties } },
        };
        const directory = writeAssembly({ 'template.json': template });
        new include.CfnInclude(new Stack(root, 'S'), 'I', { templateFile: join(directory, 'template.json') });
      },
    ],
    [
      'an asset where no row of the table looks',
      (root) => {
        const stack = new Stack(root, 'S');
        new lambda.Function(stack, 'F', {
          code: lambda.Code.fromInline('x'),
          handler: 'index.handler',
          runtime: lambda.Runtime.PYTHON_3_13,
          environment: { IMAGE: new assets.DockerImageAsset(stack, 'A', { directory: context }).imageUri },
        });
      },
    ],
  ])('%s', (_, build) => {
    const root = app();
    build(root);
    const [fromTree, fromDisk] = bothWays(root);
    expect(fromTree.length).toBeGreaterThan(0);
    expect(fromTree.map(comparable)).toEqual(fromDisk.map(comparable));
  });

  test('but it knows the path that the user knows', () => {
    const root = app();
    taskOf(new Stack(root, 'S'), 'T', asset());
    const [[use]] = bothWays(root);
    expect(use.origin).toMatchObject({ displayPath: expect.not.stringContaining('asset.') });
  });
});
