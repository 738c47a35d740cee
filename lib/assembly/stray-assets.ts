import { initOf } from './carried-images';
import type { DockerAssets } from './docker-assets';
import type { Json, JsonObject } from './json';
import type { SitedImage } from './sited-image';
import { sitesOf } from './sites';

/** Passing an image on to a nested stack, and writing about one, does not run it. */
const DOES_NOT_RUN = new Set(['AWS::CloudFormation::Stack', 'AWS::SageMaker::ModelCard']);

/** Services none of whose resources runs anything; most resources of an app are theirs. */
const RUNS_NOTHING = /^AWS::(?:IAM|KMS|Logs|CDK)::/;

/** Whether a resource is of no interest, whatever it says. */
export function runsNothing(resourceType: string): boolean {
  return RUNS_NOTHING.test(resourceType);
}

/** Length of the shortest text that can mention an image asset: its hash. */
const SHORTEST_MENTION = 64;

/**
 * Image assets that a resource mentions where no row of the table looks: a state machine's definition, user data, an
 * environment variable, a custom resource. What is done with them there is unknown, so they are judged like those that run;
 * resources that only build are left to build.
 */
export function strayAssets(
  type: string,
  resource: JsonObject,
  sited: readonly SitedImage[],
  assets: DockerAssets,
): SitedImage[] {
  if (assets.all.length === 0 || DOES_NOT_RUN.has(type)) return [];
  // A project of CodeBuild that mentions an image publishes it (those of CDK Pipelines do), or runs it to build something.
  const role = sitesOf(type)?.every((site) => site.role === 'build') ? 'build' : 'unknown';
  const stray: SitedImage[] = [];
  const take = (text: string, path: string) => {
    for (const { origin } of assets.mentionedIn(text)) {
      if (sited.some((image) => image.origins.includes(origin))) continue;
      stray.push({ propertyPath: path, container: path, role, origins: [origin], settings: {} });
    }
  };
  eachLongText(resource.Properties ?? null, '', take);
  eachLongText(initOf(resource) ?? null, 'Metadata', take);
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
