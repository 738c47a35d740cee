import type { ImageOrigin } from '../policy/image-use';
import type { DockerAssets } from './docker-assets';
import type { Json, JsonObject } from './json';
import { initOf } from './machine-scripts';
import type { SitedImage } from './sited-image';
import { sitesOf } from './sites';

/** Passing an image on to a nested stack, and writing about one, does not run it. */
const DOES_NOT_RUN = new Set(['AWS::CloudFormation::Stack', 'AWS::SageMaker::ModelCard']);

/** Services none of whose resources runs anything; most resources of an app are theirs. */
const RUNS_NOTHING = ['AWS::IAM::', 'AWS::KMS::', 'AWS::Logs::', 'AWS::CDK::'];

/** Whether a resource is of no interest, whatever it says. */
export function runsNothing(resourceType: string): boolean {
  return RUNS_NOTHING.some((service) => resourceType.startsWith(service));
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
  const [properties, init] = [resource.Properties ?? null, initOf(resource) ?? null];
  if (!mayMentionOthers(JSON.stringify([properties, init]), sited, assets)) return [];
  // A project of CodeBuild that mentions an image publishes it (those of CDK Pipelines do), or runs it to build something.
  const role = sitesOf(type)?.every((site) => site.role === 'build') ? 'build' : 'unknown';
  const stray: SitedImage[] = [];
  const take = (text: string, path: string) => {
    for (const { origin } of assets.mentionedIn(text)) {
      if (isSited(origin, sited)) continue;
      stray.push({ propertyPath: path, container: path, role, origins: [origin], settings: {} });
    }
  };
  eachLongText(properties, '', take);
  eachLongText(init, 'Metadata', take);
  return stray;
}

function isSited(origin: ImageOrigin, sited: readonly SitedImage[]): boolean {
  return sited.some((image) => image.origins.includes(origin));
}

const HASHES = new RegExp(`[0-9a-f]{${SHORTEST_MENTION},}`, 'g');

/**
 * Whether a resource may mention other images than those found in it: a look at its whole text, which spares most resources a
 * walk through all of it. A longer run of digits may begin with the letter of an escape, so what is in it is left to the walk.
 */
function mayMentionOthers(text: string, sited: readonly SitedImage[], assets: DockerAssets): boolean {
  return (text.match(HASHES) ?? []).some(
    (hash) => hash.length > SHORTEST_MENTION || assets.mentionedIn(hash).some(({ origin }) => !isSited(origin, sited)),
  );
}

/** Every text that is long enough, and the path of its property: an intrinsic function is one property. */
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
