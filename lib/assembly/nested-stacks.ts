import { dirname, resolve } from 'node:path';
import type { AssemblyReader } from './cloud-assembly';
import { everyWorld } from './choices';
import { readable } from './deferred';
import { evaluate } from './intrinsics';
import type { JsonObject } from './json';
import { isObject, textOf } from './json';
import type { TemplateScope } from './template-scope';

const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Reads the templates of nested stacks, and of those nested in them, and hangs them below the resources that make them. */
export function attachNestedStacks(reader: AssemblyReader): void {
  // Grows as it is walked: the nested templates of nested templates are read in the same pass.
  for (const scope of reader.templates) {
    for (const [logicalId, resource] of scope.resources()) {
      if (resource.Type === STACK_TYPE) attach(reader, scope, logicalId, resource);
    }
  }
}

function attach(reader: AssemblyReader, scope: TemplateScope, logicalId: string, resource: JsonObject): void {
  const url = templateUrl(scope, resource);
  const file = fileOf(reader, scope, resource, url);
  const constructPath = scope.constructPath(logicalId);
  const problem = (reason: string) =>
    reader.problems.push({ stack: scope.stack, file: file ?? scope.file ?? '', reason, logicalId, constructPath });
  if (file === undefined) {
    problem(`the template of the nested stack ${logicalId} is not in this assembly: ${readable(url)}`);
  } else if (ancestry(scope).some((ancestor) => ancestor.file === file)) {
    problem(`the nested stack ${logicalId} contains itself`);
  } else {
    const stack = `${scope.stack}/${nestedName(constructPath) ?? logicalId}`;
    reader.readTemplate(file, { stack, nestedIn: { scope, logicalId } });
  }
}

/** By the hash in the URL (legacy stacks have it in the names of parameters), or by the path that CDK notes down. */
function fileOf(reader: AssemblyReader, scope: TemplateScope, resource: JsonObject, url: string): string | undefined {
  const hash = /[0-9a-f]{64}/.exec(url)?.[0];
  const byHash = hash === undefined ? undefined : reader.files.get(hash);
  const noted = isObject(resource.Metadata) ? textOf(resource.Metadata['aws:asset:path']) : undefined;
  return byHash ?? (noted === undefined ? undefined : resolve(dirname(scope.file ?? ''), noted));
}

/** The resource of a nested stack `N` is `N.NestedStack/N.NestedStackResource`. */
function nestedName(constructPath: string | undefined): string | undefined {
  return constructPath?.match(/([^/]+)\.NestedStack\/[^/]+$/)?.[1];
}

function templateUrl(scope: TemplateScope, resource: JsonObject): string {
  const url = isObject(resource.Properties) ? resource.Properties.TemplateURL : undefined;
  const [first] = everyWorld((choices) => evaluate(url, { scope, choices })).results;
  return typeof first === 'string' ? first : '';
}

function ancestry(scope: TemplateScope): TemplateScope[] {
  return scope.nestedIn ? [scope, ...ancestry(scope.nestedIn.scope)] : [scope];
}
