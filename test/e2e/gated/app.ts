import { App, Aspects, Stack } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { PublishGate } from '../../../lib';

/** Two stacks with an image each, both with a gate: what they are built on, the environment says. */
const app = new App();
for (const [name, base] of Object.entries({ Good: process.env.GOOD_BASE, Bad: process.env.BAD_BASE })) {
  const stack = new Stack(app, name);
  new DockerImageAsset(stack, 'Image', { directory: __dirname, exclude: ['*.ts'], buildArgs: { BASE: base ?? '' } });
  Aspects.of(stack).add(new PublishGate());
}
