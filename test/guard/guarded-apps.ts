import type { App, IPolicyValidationContext } from 'aws-cdk-lib';
import { aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export { app, buildContext, temporaryDirectory, writeAssembly } from '../assembly/cdk-apps';

/** The images that the tests run: one that breaks a rule of error, and one that breaks rules of warning only. */
export const BAD = 'alpine:3.20';
export const GOOD = 'gcr.io/distroless/static-debian13:nonroot';

export function task(scope: Construct, id: string, images: Record<string, string>): ecs.FargateTaskDefinition {
  const definition = new ecs.FargateTaskDefinition(scope, id);
  for (const [name, image] of Object.entries(images)) {
    definition.addContainer(name, { image: ecs.ContainerImage.fromRegistry(image) });
  }
  return definition;
}

export function stackWith(scope: Construct, id: string, images: Record<string, string>): Stack {
  const stack = new Stack(scope, id);
  task(stack, 'T', images);
  return stack;
}

/** What CDK hands to a plugin once the app is written. */
export function contextOf(root: App): IPolicyValidationContext {
  const stacks = root.synth().stacksRecursively;
  const stackTemplates = stacks.map((stack) => ({
    stackConstructPath: stack.hierarchicalId,
    templatePath: stack.templateFullPath,
    account: undefined,
    accountId: undefined,
    region: undefined,
  }));
  return { appConstruct: root, stackTemplates, templatePaths: stackTemplates.map(({ templatePath }) => templatePath) };
}
