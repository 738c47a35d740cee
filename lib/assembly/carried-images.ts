import { isDeferred, readable } from './deferred';
import type { DockerAssets } from './docker-assets';
import { opaque, originsOf } from './image-origin';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import { parsedDocument } from './parsed-document';
import type { SitedImage } from './sited-image';
import { unseen } from './sited-image';
import type { View } from './view';

/**
 * Properties that hold documents with images in them, each in the spelling of another service: calls of APIs, pipelines, values
 * of add-ons, recipes. To cover a new carrier, add its properties.
 */
const CARRIERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::StepFunctions::StateMachine': ['DefinitionString', 'Definition'],
  'AWS::Scheduler::Schedule': ['Target.Input'],
  'AWS::SageMaker::Pipeline': ['PipelineDefinition'],
  'AWS::EKS::Addon': ['ConfigurationValues'],
  'AWS::GreengrassV2::ComponentVersion': ['InlineRecipe'],
  'AWS::SSM::Document': ['Content'],
  'AWS::IoT::JobTemplate': ['Document'],
  'Custom::AWS': ['Create', 'Update'],
};

/** Properties that hold commands which a machine runs. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['UserData'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateData.UserData'],
  'AWS::EC2::SpotFleet': ['SpotFleetRequestConfigData.LaunchSpecifications[].UserData'],
  'AWS::AutoScaling::LaunchConfiguration': ['UserData'],
  'AWS::Lightsail::Instance': ['UserData'],
  'AWS::SSM::Document': ['Content'],
  'AWS::SSM::Association': ['Parameters'],
  'AWS::SSM::MaintenanceWindowTask': ['TaskInvocationParameters'],
  'AWS::EMR::Step': ['HadoopJarStep.Args'],
  'AWS::IoT::JobTemplate': ['Document'],
};

const INIT = 'AWS::CloudFormation::Init';

/** What services call the member that names an image. State machines end the names of those that they work out in `.$`. */
const IMAGE_MEMBER = /^(?:image|imageUri|trainingImage|containerUri|imageIdentifier|ecrUri)(?:\.\$)?$/i;

/** The same in a document of another format than JSON, which is not taken apart. */
const MAY_NAME_IMAGE = /^[\s-]*["']?(?:image|imageUri|repository)["']?\s*:|docker:\S/im;

/** What starts a container from a command line, and the call that Systems Manager has for it. */
const STARTS_CONTAINER =
  /\b(?:docker|podman|nerdctl)(?:\s+-{1,2}[\w-]+(?:[= ]\S+)?)*\s+(?:run|create|compose|service|stack|container\s+run)\b|\bdocker-compose\b|\bctr\s+(?:-\S+\s+\S+\s+)*(?:run|containers?\s+create)\b|\bkubectl\s+(?:-\S+\s+)*(?:run|apply|create|debug|set)\b|\bhelm\s+(?:upgrade|install)\b|aws:runDockerAction/;

/** Images that documents name, and scripts that start containers. */
export function carriedImages(type: string, properties: View, assets: DockerAssets): SitedImage[] {
  return [
    ...found(CARRIERS[type], properties).flatMap(({ path, value }) => imagesOfCarrier(value, path, assets)),
    ...found(SCRIPTS[type], properties).flatMap(({ path, value }) => scriptsIn(value, path)),
  ];
}

/** What cfn-init does on a machine: it reads the metadata of the machine's resource. */
export function initScripts(metadata: View): SitedImage[] {
  return scriptsIn(metadata.member(INIT).value ?? null, `Metadata.${INIT}`);
}

/** Whether a resource is looked into at all. */
export function mayCarryImages(type: string, resource: JsonObject): boolean {
  return Object.hasOwn(CARRIERS, type) || Object.hasOwn(SCRIPTS, type) || initOf(resource) !== undefined;
}

/** What a resource has for cfn-init. */
export function initOf({ Metadata }: JsonObject): Json | undefined {
  return isObject(Metadata) ? Metadata[INIT] : undefined;
}

function found(patterns: readonly string[] | undefined, properties: View): Array<{ path: string; value: Json }> {
  return (patterns ?? [])
    .flatMap((pattern) => properties.find(pattern))
    .map(({ path, view }) => ({ path, value: view.value ?? null }));
}

function imagesOfCarrier(value: Json, path: string, assets: DockerAssets): SitedImage[] {
  const document = parsedDocument(value);
  const text = document === undefined ? (textOf(value) ?? '') : '';
  if (!/^\s*[[{]/.test(text) && !MAY_NAME_IMAGE.test(text)) return imagesIn(document, path, assets);
  return [
    unseen(path, `${path} is no JSON that can be read, and may name images: ${readable(text).trim().slice(0, 60)}`),
  ];
}

function imagesIn(document: Json | undefined, path: string, assets: DockerAssets): SitedImage[] {
  if (Array.isArray(document)) return document.flatMap((item, index) => imagesIn(item, `${path}[${index}]`, assets));
  // Greengrass names images as artifacts: `docker:nginx:1.27`.
  if (typeof document === 'string')
    return document.startsWith('docker:') ? [at(path, path, document.slice(7), assets)] : [];
  if (!isObject(document)) return [];
  const name = textOf(document.Name ?? document.name);
  return Object.entries(document).flatMap(([key, value]) => {
    const below = `${path}.${key}`;
    if (typeof value === 'string' && IMAGE_MEMBER.test(key)) return [at(below, name ?? below, value, assets)];
    const inside = typeof value === 'string' ? parsedDocument(value) : undefined;
    return imagesIn(inside ?? value, below, assets);
  });
}

function at(propertyPath: string, container: string, image: string, assets: DockerAssets): SitedImage {
  const isWorkedOut = propertyPath.endsWith('.$') || /^\s*\{%/.test(image);
  const origins = isWorkedOut
    ? [opaque(`the image is worked out as the state machine runs: ${readable(image)}`)]
    : originsOf(image, assets);
  return {
    propertyPath,
    container: isDeferred(container) ? propertyPath : container,
    role: 'unknown',
    origins,
    settings: {},
  };
}

/** What a script starts cannot be told for certain from its text, so nothing is said of the image. */
function scriptsIn(value: Json, path: string): SitedImage[] {
  const text = readable(decoded(typeof value === 'string' ? value : JSON.stringify(value)));
  const match = STARTS_CONTAINER.exec(text);
  if (!match) return [];
  const line = text
    .slice(match.index)
    .split(/\\n|\n/)[0]
    .slice(0, 80);
  return [unseen(path, `a script starts containers that are not in the template: ${line}`)];
}

/** User data is base64 where no function of the template makes it so. */
function decoded(text: string): string {
  return /^[A-Za-z0-9+/\s]{24,}={0,2}\s*$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : text;
}
