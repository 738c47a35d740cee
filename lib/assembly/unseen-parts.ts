import type { ImageUse } from '../policy/image-use';
import { opaque } from './image-origin';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import type { SitedImage } from './sited-image';
import { unseen } from './sited-image';
import type { TemplateScope } from './template-scope';

/** What a resource makes that is not in the assembly, and so may hide images. */
export function unseenParts(type: string, resource: JsonObject): SitedImage[] {
  if (isTransformed(resource)) {
    return [unseen('Fn::Transform', 'the resource comes from a transform, as the template is deployed')];
  }
  if (type.endsWith('::MODULE')) return [unseen('Type', `the resources of the module ${type} are not in the template`)];
  const find = Object.hasOwn(UNSEEN, type) ? UNSEEN[type] : undefined;
  return find ? find(isObject(resource.Properties) ? resource.Properties : {}) : [];
}

/** Whether a macro makes a resource into what it likes. */
export function isTransformed(resource: JsonObject): boolean {
  return Object.hasOwn(resource, 'Fn::Transform');
}

const UNSEEN: Readonly<Record<string, (properties: JsonObject) => SitedImage[]>> = {
  'AWS::Serverless::Application': () => [
    unseen('Location', 'the template of the serverless application is not in this assembly'),
  ],
  'AWS::Serverless::Function': unbuiltFunction,
  'AWS::ElasticBeanstalk::Environment': dockerPlatform,
  'AWS::ElasticBeanstalk::ConfigurationTemplate': dockerPlatform,
  'AWS::CodePipeline::Pipeline': deployActions,
  'AWS::ElasticBeanstalk::ApplicationVersion': ({ ImageConfiguration }) =>
    stated(ImageConfiguration, ['Build'], 'the image is built by Elastic Beanstalk, outside of this assembly'),
  'AWS::AppRunner::Service': ({ SourceConfiguration }) =>
    stated(SourceConfiguration, ['CodeRepository'], 'the image is built by App Runner, outside of this assembly'),
  'AWS::Omics::Workflow': workflowDefinition,
  'AWS::Omics::WorkflowVersion': workflowDefinition,
  'AWS::SageMaker::Model': packagedModels,
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': () => [
    unseen('ProductId', 'the template of the product that is provisioned is not in this assembly'),
  ],
};

/** `sam build` makes the image of a function that names a Dockerfile, and no image. */
function unbuiltFunction({ PackageType, ImageUri }: JsonObject): SitedImage[] {
  if (PackageType !== 'Image' || ImageUri) return [];
  return [unseen('ImageUri', 'the image of the function is built by SAM, outside of this assembly')];
}

/** The images of Beanstalk's Docker platforms are named in the bundle of the application. */
function dockerPlatform(properties: JsonObject): SitedImage[] {
  return ['SolutionStackName', 'PlatformArn']
    .filter((name) => /docker/i.test(JSON.stringify(properties[name] ?? '')))
    .map((name) =>
      unseen(name, 'the images of a Docker platform are named in the source bundle, which is not looked into'),
    );
}

function workflowDefinition(properties: JsonObject): SitedImage[] {
  const reason = 'the images of the workflow are named in its definition, which is not looked into';
  return stated(properties, ['DefinitionUri', 'DefinitionRepository'], reason);
}

/** A model package of the template is looked into itself. */
function packagedModels({ PrimaryContainer, Containers }: JsonObject): SitedImage[] {
  return [PrimaryContainer, ...listOf(Containers)]
    .filter((container) => !(isObject(container) && isObject(container.ModelPackageName)))
    .flatMap((container) =>
      stated(container, ['ModelPackageName'], 'the images of the model package are not in this assembly'),
    );
}

function stated(holder: Json | undefined, names: readonly string[], reason: string): SitedImage[] {
  const found = isObject(holder) ? names.filter((name) => holder[name] !== undefined && holder[name] !== null) : [];
  return found.map((name) => unseen(name, reason));
}

const DEPLOYS_IMAGES = new Set(['ECS', 'CodeDeployToECS', 'EKS']);

/** These actions put other images in the place of those of the template: what `imagedefinitions.json` or a manifest says. */
function deployActions({ Stages }: JsonObject): SitedImage[] {
  const actions = listOf(Stages).flatMap((stage) => (isObject(stage) ? listOf(stage.Actions) : []));
  return actions.flatMap((action) => {
    const id = isObject(action) ? action.ActionTypeId : undefined;
    const provider = isObject(id) && id.Category === 'Deploy' ? textOf(id.Provider) : undefined;
    if (provider === undefined || !DEPLOYS_IMAGES.has(provider)) return [];
    const name = (isObject(action) && textOf(action.Name)) || provider;
    return [
      unseen(`Stages.Actions.${name}`, `the pipeline deploys images of its own by the action ${name} (${provider})`),
    ];
  });
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Macros may rewrite a template as it is deployed, and so may loops and transforms among the resources; what they make cannot be
 * seen here.
 */
export function macroUses(scope: TemplateScope): ImageUse[] {
  const { Transform, Resources, Globals } = scope.template;
  const macros = namesOf(Transform)
    .filter((name) => !isHarmless(name))
    .map((name) => ({ name: `Transform`, reason: `the macro ${name} may rewrite the template as it is deployed` }));
  const generators = [...namesIn(scope.template), ...namesIn(Resources)]
    .filter((name) => name.startsWith('Fn::'))
    .map((name) => ({ name, reason: `the resources that ${name} makes are not in the template` }));
  return [...macros, ...generators, ...globalImages(Globals)].map(({ name, reason }) => ({
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

function namesIn(value: Json | undefined): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

/** What SAM gives to every function that says nothing else. */
function globalImages(globals: Json | undefined): Array<{ name: string; reason: string }> {
  const functions = isObject(globals) ? globals.Function : undefined;
  const found = stated(functions, ['ImageUri', 'ImageConfig'], '');
  return found.map(({ propertyPath }) => ({
    name: `Globals.Function.${propertyPath}`,
    reason: `${propertyPath} is given to all functions of the template, where it is not looked at`,
  }));
}

/** The transforms of AWS make no containers of their own, but for the one that takes in another file. */
function isHarmless(transform: string): boolean {
  return transform.startsWith('AWS::') && transform !== 'AWS::Include';
}

function namesOf(transform: Json | undefined): string[] {
  const list = Array.isArray(transform) ? transform : [transform];
  return list.map((item) => (isObject(item) ? textOf(item.Name) : textOf(item)) ?? '').filter((name) => name !== '');
}
