import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import {
  aws_ecr_assets as assets,
  aws_ecs as ecs,
  aws_lambda as lambda,
  CfnOutput,
  CfnResource,
  Fn,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { BAD, buildContext, GOOD, stackWith } from './guarded-apps';
import type { Findings } from './three-ways';
import { byAspect, byCheck, byPack } from './three-ways';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

const acknowledgement = { id: 'Distroless::NonDistrolessBase[web]', reason: 'known' };

function stageWithExport(app: App): void {
  const stack = new Stack(new Stage(app, 'Prod'), 'S');
  new CfnOutput(stack, 'Image', { value: BAD, exportName: 'image' });
  const properties = { ContainerDefinitions: [{ Name: 'web', Image: Fn.importValue('image') }] };
  new CfnResource(new Stack(app, 'Outside'), 'T', { type: 'AWS::ECS::TaskDefinition', properties });
}

function stageWithAsset(app: App): void {
  const stack = new Stack(new Stage(app, 'Prod'), 'S');
  const image = new assets.DockerImageAsset(stack, 'A', { directory: buildContext(`FROM ${BAD}\nUSER 1\n`) });
  new lambda.CfnFunction(new Stack(app, 'Outside'), 'F', {
    role: 'r',
    code: { zipFile: 'x' },
    environment: { variables: { IMAGE: `registry.test/a:${image.assetHash}` } },
  });
}

/** A validation that changes what it looks at: the aspect has judged it by then, and the template is yet to be written. */
function changingImage(app: App): void {
  const stack = stackWith(app, 'S', { web: GOOD });
  const definition = stack.node
    .findAll()
    .find((node): node is ecs.CfnTaskDefinition => node instanceof ecs.CfnTaskDefinition);
  const validate = () => {
    definition?.addOverride('Properties.ContainerDefinitions.0.Image', BAD);
    return [];
  };
  stack.node.addValidation({ validate });
}

interface Difference {
  readonly build: (app: App) => void;
  /** What the findings are called in the table. */
  readonly outcome: (findings: Findings) => string;
}

const errors = (findings: Findings) => findings.filter((finding) => finding.startsWith('error'));
const ofBase = (findings: Findings) => errors(findings).filter((finding) => finding.includes(': NonDistrolessBase['));
const acknowledgedOr = (findings: Findings) => (ofBase(findings).length > 0 ? 'found' : 'acknowledged');

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'an acknowledgement at a resource or its stack': {
    build: (app) => Validations.of(stackWith(app, 'S', { web: BAD })).acknowledge(acknowledgement),
    outcome: acknowledgedOr,
  },
  'an acknowledgement at the app or a Stage': {
    build: (app) => {
      stackWith(app, 'S', { web: BAD });
      Validations.of(app).acknowledge(acknowledgement);
    },
    outcome: acknowledgedOr,
  },
  'an image of a Stage that a stack outside of it mentions': {
    build: stageWithAsset,
    outcome: (findings) => (ofBase(findings).length > 0 ? 'found' : 'missed'),
  },
  'a value that a stack of a Stage exports and one outside of it imports': {
    build: stageWithExport,
    outcome: (findings) => (ofBase(findings).length > 0 ? 'found' : 'unproven'),
  },
  'what a validation changes': {
    build: changingImage,
    outcome: (findings) => (ofBase(findings).length > 0 ? 'found' : 'missed'),
  },
};

const README = readFileSync(join(__dirname, '../../lib/guard/README.md'), 'utf8');

/** The rows of the table of differences. */
const ROWS = README.slice(README.indexOf('| what | aspect'))
  .split('\n')
  .filter((line, index) => index > 1 && line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(' | '));

describe('the table of differences', () => {
  test('has a test for each of its rows', () => {
    expect(ROWS.map(([what]) => what)).toEqual(Object.keys(DIFFERENCES));
  });

  test.each(ROWS)('says what happens with %s', async (what, ...columns) => {
    const { build, outcome } = DIFFERENCES[what];
    expect([outcome(byAspect(build)), outcome(byPack(build)), outcome(await byCheck(build))]).toEqual(columns);
  });
});
