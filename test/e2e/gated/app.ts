import { App, Aspects, Stack } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PublishGate } from '../../../lib';

/** Two stacks with an image each, both with a gate: what they are built on, the environment says. */
const app = new App();
for (const [name, base] of Object.entries({ Good: process.env.GOOD_BASE, Bad: process.env.BAD_BASE })) {
  const stack = new Stack(app, name);
  const buildArgs = { BASE: base ?? '' };
  const { imageUri } = new DockerImageAsset(stack, 'Image', { directory: __dirname, exclude: ['*.ts'], buildArgs });
  new CfnTaskDefinition(stack, 'Task', { containerDefinitions: [{ name: 'web', image: imageUri }] });
  Aspects.of(stack).add(new PublishGate());
}
