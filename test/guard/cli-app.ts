/** The app that the tests run through the CLI: what is in it, and what guards it, is told by the environment. */
import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import { App, Aspects, Stage, Validations } from 'aws-cdk-lib';
import { DistrolessAspect, DistrolessChecks } from '../../lib';
import { BAD, GOOD, stackWith } from './guarded-apps';

const { GUARD = '', STACKS = '', STAGES = '', ACKNOWLEDGE } = process.env;

const app = new App({ analyticsReporting: false });
const images: Record<string, string> = { bad: BAD, good: GOOD };

/** `A:bad,B:good` is two stacks that run one container each. */
function define(scope: App | Stage, list: string): void {
  for (const [id, image] of list.split(',').map((item) => item.split(':')))
    stackWith(scope, id, { web: images[image] });
}

if (STACKS) define(app, STACKS);
if (STAGES) define(new Stage(app, 'Prod'), STAGES);
if (ACKNOWLEDGE) Validations.of(app).acknowledge({ id: ACKNOWLEDGE, reason: 'known' });
if (GUARD.includes('aspect')) Aspects.of(app).add(new DistrolessAspect());
if (GUARD.includes('pack')) {
  const pack: IPolicyValidationPlugin = new DistrolessChecks(app);
  Validations.of(app).addPlugins(pack);
}
