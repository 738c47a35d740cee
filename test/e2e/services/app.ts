import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import {
  DistrolessFunction,
  DistrolessTaskDefinition,
  GoImage,
  HealthProbe,
  NodejsImage,
  PythonImage,
} from '../../../lib';
import type { DistrolessImage } from '../../../lib';

/** What probes.test.ts and functions.test.ts run: one image a runtime, as tasks and as functions. */
const stack = new Stack(new App(), 'ServicesUnderTest');
const source = (name: string) => join(__dirname, name);

const go = new GoImage(stack, 'GoImage', { directory: source('go'), healthProbe: true });
const nodejs = new NodejsImage(stack, 'NodejsImage', { directory: source('nodejs') });
const python = new PythonImage(stack, 'PythonImage', { directory: source('python'), main: 'app.py' });
const goFunction = new GoImage(stack, 'GoFunctionImage', { directory: source('go-function'), tags: ['lambda.norpc'] });

function task(name: string, image: DistrolessImage): void {
  const healthProbe = HealthProbe.http({ path: '/status/200' });
  new DistrolessTaskDefinition(stack, name, { containerName: name, image, healthProbe });
}

task('go', go);
task('nodejs', nodejs);
task('python', python);

new DistrolessFunction(stack, 'goFunction', { image: goFunction });
new DistrolessFunction(stack, 'nodejsFunction', { image: nodejs, handler: 'function.handler' });
new DistrolessFunction(stack, 'pythonFunction', { image: python, handler: 'app.handler' });
