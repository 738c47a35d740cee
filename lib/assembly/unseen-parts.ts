import type { ImageUse } from '../policy/image-use';
import { opaque } from './image-origin';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import type { SitedImage } from './sited-image';
import type { TemplateScope } from './template-scope';

/** What a resource makes that is not in the assembly, and so may hide images. */
export function unseenParts(type: string, resource: JsonObject): SitedImage[] {
  if (type.endsWith('::MODULE')) return [unseen('Type', `the resources of the module ${type} are not in the template`)];
  if (type === 'AWS::Serverless::Application') {
    return [unseen('Location', 'the template of the serverless application is not in this assembly')];
  }
  return unbuiltFunction(type, resource);
}

/** `sam build` makes the image of a function that names a Dockerfile, and no image. */
function unbuiltFunction(type: string, resource: JsonObject): SitedImage[] {
  const properties = isObject(resource.Properties) ? resource.Properties : {};
  if (type !== 'AWS::Serverless::Function' || properties.PackageType !== 'Image' || properties.ImageUri) return [];
  return [unseen('ImageUri', 'the image of the function is built by SAM, outside of this assembly')];
}

function unseen(propertyPath: string, reason: string): SitedImage {
  return { propertyPath, container: propertyPath, role: 'unknown', origins: [opaque(reason)], settings: {} };
}

/**
 * Macros that are not AWS's own may rewrite a template as it is deployed, and so may loops in the list of resources; what they
 * make cannot be seen here.
 */
export function macroUses(scope: TemplateScope): ImageUse[] {
  const macros = namesOf(scope.template.Transform)
    .filter((name) => !name.startsWith('AWS::'))
    .map((name) => ({ name: `Transform`, reason: `the macro ${name} may rewrite the template as it is deployed` }));
  const loops = Object.keys(isObject(scope.template.Resources) ? scope.template.Resources : {})
    .filter((name) => name.startsWith('Fn::'))
    .map((name) => ({ name, reason: `the resources that ${name} makes are not in the template` }));
  return [...macros, ...loops].map(({ name, reason }) => ({
    stack: scope.stack,
    logicalId: name,
    templateFile: scope.file,
    resourceType: 'AWS::CloudFormation::Stack',
    propertyPath: name,
    container: name,
    role: 'unknown',
    origin: opaque(reason),
    settings: {},
  }));
}

function namesOf(transform: Json | undefined): string[] {
  const list = Array.isArray(transform) ? transform : [transform];
  return list.map((item) => (isObject(item) ? textOf(item.Name) : textOf(item)) ?? '').filter((name) => name !== '');
}
