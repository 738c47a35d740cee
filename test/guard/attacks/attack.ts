import type { JsonObject } from '../../../lib/assembly/json';

export const BAD = 'alpine:3.20';
export const GOOD = 'gcr.io/distroless/static-debian13:nonroot';

/** A way to get a shell past the guard: a template that would be deployed. */
export interface Attack {
  readonly name: string;
  readonly template: JsonObject;
  /** The rule that stops it. */
  readonly rule: string;
}

export const attack = (name: string, rule: string, template: JsonObject): Attack => ({ name, rule, template });

export const resource = (Type: string, Properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  Resources: { R: { Type, Properties, ...more } },
});

export const container = { Name: 'web', Image: GOOD, ReadonlyRootFilesystem: true, User: '65532' };

export const task = (Properties: JsonObject = {}): JsonObject => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { Family: 'web', ContainerDefinitions: [container], ...Properties },
});

export const taskWith = (properties: JsonObject): JsonObject => resource('AWS::ECS::TaskDefinition', properties);

/** A task that is in order, and a resource beside it. */
export const withTask = (Type: string, Properties: JsonObject): JsonObject => ({
  Resources: { T: task(), R: { Type, Properties } },
});

/** A container that is in order but for its image. */
export const running = (Image: JsonObject | string): JsonObject =>
  taskWith({ ContainerDefinitions: [{ ...container, Image }] });

export const shell = ['sh', '-c', 'sleep 9'];

export const input = (document: object) => JSON.stringify(document);
