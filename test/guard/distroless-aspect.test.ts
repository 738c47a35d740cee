import { join } from 'node:path';
import type { App, IAspect } from 'aws-cdk-lib';
import {
  aws_ecs as ecs,
  Aspects,
  CfnResource,
  cloudformation_include as include,
  NestedStack,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import { DistrolessAspect } from '../../lib/guard/distroless-aspect';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { app, BAD, buildContext, contextOf, GOOD, stackWith, task, writeAssembly } from './guarded-apps';

// Outside the CLI CDK prints what it lets pass.
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

/** Errors on the constructs of a stack, as `construct path: first line (id)`. */
function errorsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findError('*', Match.anyValue())
    .map(({ id, entry }) => `${id}: ${(entry.data as string).replace(/\n[^]*(?= \()/, '')}`);
}

const BASE_ERROR = /NonDistrolessBase\[web\]/;

describe('the aspect', () => {
  test('annotates the construct that runs the image, with trace, fix and id', () => {
    const root = app();
    const context = buildContext(`FROM ${BAD}\nUSER 1000\n`);
    const stack = new Stack(root, 'S');
    new ecs.FargateTaskDefinition(stack, 'T').addContainer('web', { image: ecs.ContainerImage.fromAsset(context) });
    Aspects.of(root).add(new DistrolessAspect());
    const lines = [/alpine:3\.20 is a full distribution/, /Dockerfile:1 +FROM alpine:3\.20/, /^ {2}fix: build on/];
    const [error, ...others] = Annotations.fromStack(stack).findError('/S/T/Resource', Match.anyValue());
    expect(others).toEqual([]);
    const text = (error.entry.data as string).split('\n');
    lines.forEach((line, index) => expect(text[index]).toMatch(line));
    expect(text.at(-1)).toMatch(/ \(Distroless::NonDistrolessBase\[web\]\)$/);
  });

  test('annotates warnings as warnings', () => {
    const root = app();
    const stack = stackWith(root, 'S', { web: GOOD });
    Aspects.of(root).add(new DistrolessAspect());
    expect(errorsOf(stack)).toEqual([]);
    Annotations.fromStack(stack).hasWarning('/S/T/Resource', Match.stringLikeRegexp('WritableRoot\\[web\\]'));
  });

  test('finds what the pack finds', () => {
    const root = app();
    const stack = stackWith(root, 'S', { web: BAD, db: 'busybox', good: GOOD });
    const report = new DistrolessChecks(root).validate(contextOf(root));
    Aspects.of(root).add(new DistrolessAspect());
    const ids = errorsOf(stack).map((error) => /\(Distroless::(.*)\)$/.exec(error)?.[1]);
    expect(ids.sort()).toEqual(report.violations.map(({ ruleName }) => ruleName).sort());
  });

  test('judges only what it is applied to', () => {
    const root = app();
    const guarded = stackWith(root, 'Guarded', { web: BAD });
    const other = stackWith(root, 'Other', { web: BAD });
    Aspects.of(guarded).add(new DistrolessAspect());
    expect(errorsOf(guarded)).toHaveLength(1);
    expect(errorsOf(other)).toEqual([]);
  });

  test('refuses a policy that is not in order', () => {
    expect(() => new DistrolessAspect({ severities: { Shel: 'error' as never } })).toThrow(/Shel/);
  });

  test.each<[string, (stack: Stack, definition: ecs.FargateTaskDefinition) => IConstruct]>([
    ['the task definition', (_, definition) => definition],
    ['the container', (_, definition) => definition.defaultContainer!],
    ['the app', (stack) => stack.node.root],
  ])('takes an acknowledgement at %s', (_, place) => {
    const root = app();
    const stack = new Stack(root, 'S');
    const definition = task(stack, 'T', { web: BAD, db: BAD });
    Aspects.of(root).add(new DistrolessAspect());
    Validations.of(place(stack, definition)).acknowledge({ id: 'Distroless::NonDistrolessBase[web]', reason: 'known' });
    expect(errorsOf(stack)).toEqual([expect.stringContaining('NonDistrolessBase[db]')]);
  });
});

describe('the aspect sees', () => {
  test.each<[string, (root: App) => Stack]>([
    [
      'a nested stack',
      (root) => {
        const stack = new Stack(root, 'S');
        task(new NestedStack(stack, 'N'), 'T', { web: BAD });
        return stack;
      },
    ],
    [
      'a property override',
      (root) => {
        const stack = stackWith(root, 'S', { web: GOOD });
        const resource = stack.node.findChild('T').node.defaultChild as ecs.CfnTaskDefinition;
        resource.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
        return stack;
      },
    ],
    [
      'a generic resource',
      (root) => {
        const stack = new Stack(root, 'S');
        const properties = { ContainerDefinitions: [{ Name: 'web', Image: BAD }] };
        new CfnResource(stack, 'T', { type: 'AWS::ECS::TaskDefinition', properties });
        return stack;
      },
    ],
    [
      'an included template',
      (root) => {
        const stack = new Stack(root, 'S');
        const properties = { ContainerDefinitions: [{ Name: 'web', Image: BAD }] };
        const template = { Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: properties } } };
        const templateFile = join(writeAssembly({ 't.json': template }), 't.json');
        new include.CfnInclude(stack, 'I', { templateFile });
        return stack;
      },
    ],
    [
      'what an aspect after it changes',
      (root) => {
        const stack = stackWith(root, 'S', { web: GOOD });
        const change: IAspect = {
          visit: (node) => {
            if (node instanceof ecs.CfnTaskDefinition) node.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
          },
        };
        Aspects.of(root).add(change, { priority: 900 });
        return stack;
      },
    ],
  ])('%s', (_, build) => {
    const root = app();
    Aspects.of(root).add(new DistrolessAspect());
    const stack = build(root);
    expect(errorsOf(stack)).toEqual([expect.stringMatching(BASE_ERROR)]);
  });
});

describe('a Stage, which CDK does not carry aspects into,', () => {
  test('fails when the aspect is on the app', () => {
    const root = app();
    stackWith(new Stage(root, 'Prod'), 'S', { web: BAD });
    Aspects.of(root).add(new DistrolessAspect());
    expect(() => root.synth()).toThrow(BASE_ERROR);
  });

  test('passes when there is nothing to find in it', () => {
    const root = app();
    stackWith(new Stage(root, 'Prod'), 'S', { web: GOOD });
    Aspects.of(root).add(new DistrolessAspect());
    expect(() => root.synth()).not.toThrow();
  });

  test('is annotated when the aspect is on the Stage', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    const stack = stackWith(stage, 'S', { web: BAD });
    Aspects.of(stage).add(new DistrolessAspect());
    const assembly = root.synth().getNestedAssembly(stage.artifactId);
    const messages = assembly
      .getStackArtifact(stack.artifactId)
      .messages.filter(({ level }) => String(level) === 'error');
    expect(messages.map(({ entry }) => entry.data)).toEqual([expect.stringMatching(BASE_ERROR)]);
  });
});
