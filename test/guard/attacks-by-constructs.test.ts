import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import {
  Aspects,
  aws_ecs as ecs,
  aws_s3_assets as s3assets,
  aws_stepfunctions as sfn,
  CfnResource,
  CfnStack,
  custom_resources as custom,
  Lazy,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BAD, GOOD, task, temporaryDirectory } from './guarded-apps';
import { byAspect, byCheck, byPack } from './three-ways';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

const badTask = { ContainerDefinitions: [{ Name: 'web', Image: BAD }] };

function asset(stack: Stack, document: object): s3assets.Asset {
  const path = join(temporaryDirectory(), 'document.json');
  writeFileSync(path, JSON.stringify(document));
  return new s3assets.Asset(stack, 'Asset', { path });
}

/** Changes the image of a task after all aspects that a user would think of. */
const changeImage = (node: IConstruct) => {
  if (node instanceof ecs.CfnTaskDefinition) node.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
};

/** Ways to get a shell into an app that no template shows before it is written, and what the finding is about. */
const ATTACKS: ReadonlyArray<readonly [string, string, (stack: Stack, app: App) => void]> = [
  [
    'a role that an override makes into a task',
    'NonDistrolessBase[web]',
    (stack) => {
      const role = new CfnResource(stack, 'R', { type: 'AWS::IAM::Role' });
      role.addOverride('Type', 'AWS::ECS::TaskDefinition');
      role.addOverride('Properties', badTask);
    },
  ],
  [
    'a user that an override takes away',
    'RootUser[web]',
    (stack) => {
      const definition = new ecs.FargateTaskDefinition(stack, 'T');
      const image = ecs.ContainerImage.fromRegistry('gcr.io/distroless/static-debian13:latest');
      definition.addContainer('web', { image, user: '65532' });
      (definition.node.defaultChild as CfnResource).addDeletionOverride('Properties.ContainerDefinitions.0.User');
    },
  ],
  [
    'the old way to name a macro',
    'Unproven[Transform]',
    (stack) => {
      task(stack, 'T', { web: GOOD });
      Object.assign(stack.templateOptions, { transform: 'Mine' });
    },
  ],
  [
    'a macro beside others',
    'Unproven[Transform]',
    (stack) => ['AWS::Serverless-2016-10-31', 'Mine'].forEach((name) => stack.addTransform(name)),
  ],
  [
    'a nested stack of an asset',
    'NonDistrolessBase[web]',
    (stack) => {
      const template = { Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: badTask } } };
      new CfnStack(stack, 'N', { templateUrl: asset(stack, template).httpUrl });
    },
  ],
  [
    'a nested stack whose template is another',
    'Unproven[NNestedStackNNestedStackResource25BF0ED8]',
    (stack) => {
      const nested = new NestedStack(stack, 'N');
      task(nested, 'T', { web: GOOD });
      nested.nestedStackResource?.addPropertyOverride?.('TemplateURL', 'https://elsewhere.test/t.json');
    },
  ],
  [
    'an aspect that comes after',
    'NonDistrolessBase[web]',
    (stack, app) => {
      task(stack, 'T', { web: GOOD });
      Aspects.of(app).add({ visit: changeImage }, { priority: 10_000 });
    },
  ],
  [
    'a name that is not known before',
    'NonDistrolessBase[ContainerDefinitions[0].Image]',
    (stack) => {
      const definition = new ecs.CfnTaskDefinition(stack, 'T');
      const name = Lazy.string({ produce: () => stack.stackId });
      definition.containerDefinitions = Lazy.any({
        produce: () => [{ name, image: Lazy.string({ produce: () => BAD }) }],
      });
    },
  ],
  [
    'the definition of a state machine in a file',
    'NonDistrolessBase[DefinitionS3Location.States.S.Parameters.Image]',
    (stack) => {
      const definition = asset(stack, { States: { S: { Parameters: { Image: BAD } } } });
      const definitionS3Location = { bucket: definition.s3BucketName, key: definition.s3ObjectKey };
      new sfn.CfnStateMachine(stack, 'M', { roleArn: 'arn', definitionS3Location });
    },
  ],
  [
    'a custom resource under another name',
    'NonDistrolessBase[web]',
    (stack) => {
      new custom.AwsCustomResource(stack, 'R', {
        resourceType: 'Custom::Registration',
        policy: custom.AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
        onDelete: {
          service: 'ECS',
          action: 'registerTaskDefinition',
          parameters: { family: stack.stackName, containerDefinitions: [{ name: 'web', image: BAD }] },
          physicalResourceId: custom.PhysicalResourceId.of('r'),
        },
      });
    },
  ],
];

describe('aspect, pack and command are not led astray by', () => {
  test.each(ATTACKS)('%s', async (_, finding, attack) => {
    const build = (app: App) => attack(new Stack(app, 'S'), app);
    const errorsIn = (findings: readonly string[]) =>
      findings.filter((text) => text.startsWith('error')).map((text) => text.slice(text.indexOf(': ') + 2));
    const ways = [byAspect(build), byPack(build), await byCheck(build)].map(errorsIn);
    const expected = [expect.stringContaining(finding)];
    expect(ways).toEqual([
      expect.arrayContaining(expected),
      expect.arrayContaining(expected),
      expect.arrayContaining(expected),
    ]);
  });
});
