/** The app that the tests run through the CLI: what is in it, and what guards it, is told by the environment. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import { App, Aspects, CfnResource, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { IConstruct } from 'constructs';
import { DistrolessAspect, DistrolessChecks } from '../../lib';
import { BAD, GOOD, stackWith, task } from './guarded-apps';

const { GUARD = '', STACKS = '', STAGES = '', ACKNOWLEDGE = '' } = process.env;

const app = new App({ analyticsReporting: false });
const images: Record<string, string> = { bad: BAD, good: GOOD };

/** `A:bad,B:good` is two stacks that run one container each. */
function define(scope: App | Stage, list: string): void {
  for (const [id, image] of list.split(',').map((item) => item.split(':')))
    stackWith(scope, id, { web: images[image] });
}

/** Images that constructs do not show, or show too late: everything that a plain aspect or a look at L1 properties misses. */
function hide(): void {
  const nested = new NestedStack(new Stack(app, 'Outer'), 'Nested');
  task(nested, 'T', { nested: BAD });
  const stack = new Stack(app, 'Hidden');
  const overridden = task(stack, 'Overridden', { overridden: GOOD }).node.defaultChild as CfnResource;
  overridden.addPropertyOverride('ContainerDefinitions.0.Image', BAD);
  task(stack, 'Changed', { changed: GOOD });
  const properties = { ContainerDefinitions: [{ Name: 'generic', Image: BAD }] };
  new CfnResource(stack, 'Generic', { type: 'AWS::ECS::TaskDefinition', properties });
  const included = { ContainerDefinitions: [{ Name: 'included', Image: BAD }] };
  const templateFile = join(app.outdir, 'included.json');
  const template = { Resources: { I: { Type: 'AWS::ECS::TaskDefinition', Properties: included } } };
  writeFileSync(templateFile, JSON.stringify(template));
  new CfnInclude(stack, 'Include', { templateFile });
  Aspects.of(app).add({ visit: changeImage }, { priority: 10_000 });
}

function changeImage(node: IConstruct): void {
  if (node.node.path === 'Hidden/Changed/Resource') {
    (node as CfnResource).addPropertyOverride('ContainerDefinitions.0.Image', BAD);
  }
}

/** Plugins around the pack between which the assembly cannot be read. */
function aroundPack(pack: IPolicyValidationPlugin): IPolicyValidationPlugin[] {
  const file = () => join(app.outdir, 'manifest.json');
  let manifest = '';
  const plugin = (name: string, act: () => void): IPolicyValidationPlugin => ({
    name,
    validate: () => {
      act();
      return { success: true, violations: [] };
    },
  });
  const breaker = plugin('Breaker', () => {
    manifest = readFileSync(file(), 'utf8');
    writeFileSync(file(), '{');
  });
  return [breaker, pack, plugin('Mender', () => writeFileSync(file(), manifest))];
}

if (GUARD.includes('hidden')) hide();
if (STACKS) define(app, STACKS);
const stage = STAGES ? new Stage(app, 'Prod') : undefined;
if (stage) define(stage, STAGES);
for (const id of ACKNOWLEDGE.split(' ').filter(Boolean)) Validations.of(app).acknowledge({ id, reason: 'known' });
if (GUARD.includes('aspect')) Aspects.of(app).add(new DistrolessAspect());
if (GUARD.includes('pack')) {
  const scope = GUARD.includes('of-stage') && stage ? stage : app;
  const pack: IPolicyValidationPlugin = new DistrolessChecks(scope);
  Validations.of(scope).addPlugins(...(GUARD.includes('broken') ? aroundPack(pack) : [pack]));
}
