import type { DockerAssets } from './docker-assets';
import type { Json, JsonObject } from './json';
import { textOf } from './json';
import type { SitedImage } from './sited-image';

/** Passing an image on to a nested stack, and writing about one, does not run it. */
const DOES_NOT_RUN = new Set(['AWS::CloudFormation::Stack', 'AWS::SageMaker::ModelCard']);

/** Length of the shortest text that can mention an image asset: its hash. */
const SHORTEST_MENTION = 64;

/**
 * Image assets that a resource mentions where no row of the table looks: a state machine's definition, user data, an
 * environment variable, a custom resource. What is done with them there is unknown, so they are judged like those that run.
 */
export function strayAssets(resource: JsonObject, sited: readonly SitedImage[], assets: DockerAssets): SitedImage[] {
  if (assets.all.length === 0 || DOES_NOT_RUN.has(textOf(resource.Type) ?? '')) return [];
  const stray: SitedImage[] = [];
  let judged: Set<string> | undefined;
  eachLongText(resource.Properties ?? null, '', (text, path) => {
    for (const { origin } of assets.mentionedIn(text)) {
      judged ??= new Set(sited.flatMap((image) => image.origins.map((known) => JSON.stringify(known))));
      if (judged.has(JSON.stringify(origin))) continue;
      stray.push({ propertyPath: path, container: path, role: 'unknown', origins: [origin], settings: {} });
    }
  });
  return stray;
}

/** Every text that is long enough, and the path of its property: an intrinsic function is one property. Runs on all resources. */
function eachLongText(value: Json, path: string, take: (text: string, path: string) => void): void {
  if (typeof value === 'string') {
    if (value.length >= SHORTEST_MENTION) take(value, path);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) eachLongText(value[index], `${path}[${index}]`, take);
  } else if (value !== null && typeof value === 'object') {
    for (const name in value) {
      if (name === 'Ref' || name.startsWith('Fn::')) eachLongText(value[name], '', (text) => take(text, path));
      else eachLongText(value[name], path === '' ? name : `${path}.${name}`, take);
    }
  }
}
