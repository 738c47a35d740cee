import { App, Stack } from 'aws-cdk-lib';
import { DistrolessTaskDefinition } from '../../../lib';
import { projectFolder } from './fetched-project';
import { PROJECTS } from './projects';

/** What public-projects.test.ts runs. */
const stack = new Stack(new App(), 'PublicProjects');

for (const project of PROJECTS) {
  const { name, environment, healthProbe } = project;
  const image = project.image(stack, `${name}-image`, projectFolder(project));
  new DistrolessTaskDefinition(stack, name, { containerName: name, image, environment, healthProbe });
}
