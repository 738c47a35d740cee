import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, PolicyValidationPluginReport } from 'aws-cdk-lib';
import {
  aws_ecs as ecs,
  CfnResource,
  cloudformation_include as include,
  NestedStack,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { NagPack } from 'cdk-nag';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { app, BAD, buildContext, contextOf, GOOD, stackWith, task, writeAssembly } from './guarded-apps';

/** The report on an app that was written without the pack, so that a failing one gets that far. */
function reportOn(root: App): PolicyValidationPluginReport {
  const context = contextOf(root);
  return new DistrolessChecks(root).validate(context);
}

// Outside the CLI CDK prints the warnings of what it lets pass.
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const names = (report: PolicyValidationPluginReport) => report.violations.map(({ ruleName }) => ruleName);

describe('the pack', () => {
  test('stands where packs stand', () => {
    const pack = new DistrolessChecks(app());
    expect(pack).toBeInstanceOf(NagPack);
    expect(pack.name).toBe('Distroless');
    expect(pack.ruleIds).toContain('Shell');
  });

  test('passes an app without a finding', () => {
    const root = app();
    stackWith(root, 'S', { web: GOOD });
    expect(reportOn(root)).toEqual({ success: true, violations: [] });
  });

  test('reports one violation for each finding, with its trace and its fix, at the resource', () => {
    const root = app();
    const context = buildContext(`FROM ${BAD}\nUSER 1000\n`);
    const stack = new Stack(root, 'S');
    new ecs.FargateTaskDefinition(stack, 'T').addContainer('web', { image: ecs.ContainerImage.fromAsset(context) });
    const { success, violations } = reportOn(root);
    expect(success).toBe(false);
    expect(violations).toEqual([
      {
        ruleName: 'NonDistrolessBase[web]',
        severity: 'error',
        description: expect.stringMatching(/alpine:3\.20[^]*\n {4}\S+Dockerfile:1 +FROM alpine:3\.20$/),
        fix: expect.stringContaining('gcr.io/distroless'),
        violatingResources: [
          {
            resourceLogicalId: expect.stringMatching(/^T/),
            templatePath: join(root.outdir, 'S.template.json'),
            locations: ['Properties.ContainerDefinitions'],
          },
        ],
      },
    ]);
  });

  test('fails plain app.synth(), with the id in the message', () => {
    const root = app();
    stackWith(root, 'S', { web: BAD });
    Validations.of(root).addPlugins(new DistrolessChecks(root));
    expect(() => root.synth()).toThrow(/Distroless::NonDistrolessBase\[web\]/);
  });

  test('refuses a policy that is not in order as it is constructed', () => {
    expect(() => new DistrolessChecks(app(), { severities: { Shel: 'error' as never } })).toThrow(/Shel/);
  });
});

describe('never falsely green:', () => {
  test.each<[string, (root: App) => void]>([
    ['a nested stack', (root) => task(new NestedStack(new Stack(root, 'S'), 'N'), 'T', { web: BAD })],
    ['a Stage', (root) => stackWith(new Stage(root, 'Prod'), 'S', { web: BAD })],
    [
      'a nested stack in a Stage',
      (root) => task(new NestedStack(new Stack(new Stage(root, 'P'), 'S'), 'N'), 'T', { web: BAD }),
    ],
    [
      'a property override',
      (root) => {
        const resource = task(new Stack(root, 'S'), 'T', { web: GOOD }).node.defaultChild as ecs.CfnTaskDefinition;
        resource.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
      },
    ],
    [
      'a generic resource',
      (root) => {
        const properties = { ContainerDefinitions: [{ Name: 'web', Image: BAD }] };
        new CfnResource(new Stack(root, 'S'), 'T', { type: 'AWS::ECS::TaskDefinition', properties });
      },
    ],
    [
      'an included template',
      (root) => {
        const properties = { ContainerDefinitions: [{ Name: 'web', Image: BAD }] };
        const template = { Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: properties } } };
        const templateFile = join(writeAssembly({ 't.json': template }), 't.json');
        new include.CfnInclude(new Stack(root, 'S'), 'I', { templateFile });
      },
    ],
  ])('%s is seen', (_, build) => {
    const root = app();
    build(root);
    const report = reportOn(root);
    expect(names(report)).toContain('NonDistrolessBase[web]');
    expect(report.success).toBe(false);
  });

  test('what cannot be read is an error on every stack, not an exception', () => {
    const root = app();
    stackWith(root, 'A', { web: GOOD });
    stackWith(root, 'B', { web: GOOD });
    const context = contextOf(root);
    writeFileSync(join(root.outdir, 'manifest.json'), 'broken');
    const report = new DistrolessChecks(root).validate(context);
    expect(report.success).toBe(false);
    expect(report.violations).toMatchObject([{ ruleName: 'Unproven[check]', severity: 'fatal' }]);
    expect(report.violations[0].description).toContain('manifest.json');
    expect(report.violations[0].violatingResources.map((resource) => resource.constructPath)).toEqual(['A', 'B']);
  });

  test('an asset whose directory is gone is unproven', () => {
    const root = app({ context: { 'aws:cdk:disable-asset-staging': true } });
    const directory = buildContext();
    const image = ecs.ContainerImage.fromAsset(directory);
    new ecs.FargateTaskDefinition(new Stack(root, 'S'), 'T').addContainer('web', { image });
    const context = contextOf(root);
    writeFileSync(join(root.outdir, 'S.assets.json'), JSON.stringify({ version: '36.0.0', dockerImages: {} }));
    expect(new DistrolessChecks(root).validate(context).success).toBe(false);
  });

  test('severities have the two spellings that CDK fails and passes by', () => {
    const root = app();
    stackWith(root, 'S', { web: BAD });
    const pack = new DistrolessChecks(root);
    const { violations } = pack.validateScope(root);
    expect([...new Set(violations.map(({ severity }) => severity))].sort()).toEqual(['error', 'warning']);
  });

  test('warnings come in a report of their own, which succeeds', () => {
    const root = app();
    stackWith(root, 'S', { web: GOOD });
    const reports: PolicyValidationPluginReport[] = [];
    const pack = new DistrolessChecks(root);
    for (const plugin of (root as unknown as { _validationPlugins: DistrolessChecks[] })._validationPlugins) {
      reports.push(plugin.validate(contextOf(root)));
    }
    expect(pack.validate(contextOf(root))).toEqual({ success: true, violations: [] });
    expect(reports).toMatchObject([{ success: true }]);
    expect(names(reports[0])).toContain('WritableRoot[web]');
  });

  test('a second synthesis is judged afresh', () => {
    const root = app();
    const definition = task(new Stack(root, 'S'), 'T', { web: GOOD });
    const pack = new DistrolessChecks(root);
    expect(pack.validate(contextOf(root)).success).toBe(true);
    const resource = definition.node.defaultChild as ecs.CfnTaskDefinition;
    resource.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
    root.synth({ force: true });
    expect(pack.validate(contextOf(root)).success).toBe(false);
  });

  test('a pack of one Stage leaves the others to theirs', () => {
    const root = app();
    stackWith(new Stage(root, 'One'), 'S', { web: GOOD });
    stackWith(new Stage(root, 'Two'), 'S', { web: BAD });
    const context = contextOf(root);
    const ofOne = context.stackTemplates.filter(({ stackConstructPath }) => stackConstructPath.startsWith('One'));
    const pack = new DistrolessChecks(root);
    expect(pack.validate({ ...context, templatePaths: ofOne.map(({ templatePath }) => templatePath) }).success).toBe(
      true,
    );
    expect(pack.validate(context).success).toBe(false);
  });
});

describe('an acknowledgement', () => {
  const id = 'Distroless::NonDistrolessBase[web]';
  const reason = 'goes with the migration';

  /** Whether plain synthesis passes after something was acknowledged somewhere. */
  function passes(
    acknowledge: (stack: Stack, definition: ecs.FargateTaskDefinition) => void,
    images: Record<string, string> = { web: BAD },
  ): boolean {
    const root = app();
    const stack = new Stack(root, 'S');
    const definition = task(stack, 'T', images);
    Validations.of(root).addPlugins(new DistrolessChecks(root));
    acknowledge(stack, definition);
    try {
      root.synth();
      return true;
    } catch {
      return false;
    }
  }

  test.each<[string, (stack: Stack, definition: ecs.FargateTaskDefinition) => void]>([
    [
      'at the L1 construct',
      (_, definition) => Validations.of(definition.node.defaultChild!).acknowledge({ id, reason }),
    ],
    ['at the task definition', (_, definition) => Validations.of(definition).acknowledge({ id, reason })],
    ['at the container', (_, definition) => Validations.of(definition.defaultContainer!).acknowledge({ id, reason })],
    ['at the stack', (stack) => Validations.of(stack).acknowledge({ id, reason })],
    ['at the app', (stack) => Validations.of(stack.node.root).acknowledge({ id, reason })],
    ['without the namespace', (stack) => Validations.of(stack).acknowledge({ id: 'NonDistrolessBase[web]', reason })],
  ])('%s holds', (_, acknowledge) => {
    expect(passes(acknowledge)).toBe(true);
  });

  test.each<[string, string]>([
    ['of another container', 'Distroless::NonDistrolessBase[db]'],
    ['of another rule', 'Distroless::Shell[web]'],
    ['of a rule as a whole', 'Distroless::NonDistrolessBase'],
  ])('%s does not hold', (_, other) => {
    expect(passes((stack) => Validations.of(stack).acknowledge({ id: other, reason }))).toBe(false);
  });

  test('of one container leaves the error of another', () => {
    expect(passes((stack) => Validations.of(stack).acknowledge({ id, reason }), { web: BAD, db: BAD })).toBe(false);
  });
});
