import type { DockerAssets } from './docker-assets';
import type { Json, JsonObject } from './json';
import { members, textOf } from './json';
import type { SitedImage } from './sited-image';

/** Passing an image on to a nested stack, and writing about one, does not run it. */
const DOES_NOT_RUN = new Set(['AWS::CloudFormation::Stack', 'AWS::SageMaker::ModelCard']);

/**
 * Image assets that a resource mentions where no row of the table looks: a state machine's definition, user data, an
 * environment variable, a custom resource. What is done with them there is unknown, so they are judged like those that run.
 */
export function strayAssets(resource: JsonObject, sited: readonly SitedImage[], assets: DockerAssets): SitedImage[] {
  if (assets.all.length === 0 || DOES_NOT_RUN.has(textOf(resource.Type) ?? '')) return [];
  const judged = new Set(sited.flatMap((image) => image.origins.map((origin) => JSON.stringify(origin))));
  return textsIn(resource.Properties ?? null).flatMap(({ text, path }) =>
    assets
      .mentionedIn(text)
      .filter((asset) => !judged.has(JSON.stringify(asset.origin)))
      .map((asset) => ({
        propertyPath: path,
        container: path,
        role: 'unknown' as const,
        origins: [asset.origin],
        settings: {},
      })),
  );
}

/** All texts in a value, with the paths of the properties they are in: an intrinsic function is one property. */
function textsIn(value: Json, path = '', inFunction = false): Array<{ path: string; text: string }> {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => textsIn(item, inFunction ? path : `${path}[${index}]`, inFunction));
  }
  return members(value).flatMap(([name, item]) => {
    const isFunction = inFunction || name === 'Ref' || name.startsWith('Fn::');
    return textsIn(item, isFunction ? path : [path, name].filter(Boolean).join('.'), isFunction);
  });
}
