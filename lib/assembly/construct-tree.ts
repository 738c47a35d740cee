import { relative, join } from 'node:path';
import { AssetManifestBuilder, AssetStaging, CfnElement, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { IConstruct } from 'constructs';
import { ACKNOWLEDGED_RULES, Acknowledgements } from './acknowledgements';
import type { AssemblyModel, AssemblyProblem } from './assembly-model';
import type { DisplayPath, DockerAsset } from './docker-assets';
import { assetOfMetadata, assetsOfManifest, DockerAssets, IMAGE_METADATA, namedByItsImage } from './docker-assets';
import type { Json, JsonObject } from './json';
import type { FileAsset } from './file-assets';
import { fileOfMetadata, filesOfManifest } from './file-assets';
import { isObject, members, textOf, textsOf } from './json';
import { attachNestedStacks } from './nested-stacks';
import { runsNothing } from './stray-assets';
import { TemplateScope } from './template-scope';

/**
 * Reads a Stage (an app is one) that has been prepared for synthesis, as far as it is written into one assembly: nested stacks
 * are part of it, nested Stages are not.
 *
 * Elements are rendered as their stack renders them, so that overrides, included templates and generic resources show.
 */
export function readConstructTree(stage: Stage): AssemblyModel {
  const { constructs, nestedStages } = contentsOf(stage);
  const stacks = constructs.filter((construct) => Stack.isStack(construct));
  const templates: TemplateScope[] = [];
  // Parents come before their nested stacks, and so are there to hang them from.
  const scopes = new Map<Stack, TemplateScope>();
  for (const stack of stacks) scopes.set(stack, scopeOf(stack, templates, scopes));
  const others = stacksOfOtherStages(stage, nestedStages);
  const displayPath = displayPathOf(others.length > 0 ? stage.node.root.node.findAll() : constructs);
  const assets = [...stacks, ...others].flatMap((stack) => assetsOfStack(stack, displayPath));
  const images = constructs.filter((construct) => construct instanceof DockerImageAsset);
  const marks = images.flatMap((image) => metadataOf(image, IMAGE_METADATA));
  const named = assets.map((asset) => namedByItsImage(asset, marks));
  const acknowledgements = acknowledgementsOf([...stage.node.scopes.slice(0, -1), ...constructs]);
  const problems: AssemblyProblem[] = [];
  const files = new Map(stacks.flatMap(filesOfStack));
  attachNestedStacks({ templates, problems, files });
  return { directory: stage.outdir, templates, assets: new DockerAssets(named), files, problems, acknowledgements };
}

/** The Stage that a construct is synthesized with. `Stage.of` of a Stage is the one around it, and undefined for an app. */
export function stageOf(construct: IConstruct): Stage | undefined {
  return Stage.isStage(construct) ? construct : Stage.of(construct);
}

/** Where an image is run, and where it is built, need not be the same Stage. */
function stacksOfOtherStages(stage: Stage, nestedStages: readonly Stage[]): Stack[] {
  const { root } = stage.node;
  const others = root === stage ? nestedStages.flatMap((nested) => nested.node.findAll()) : root.node.findAll();
  return others.filter((construct) => Stack.isStack(construct) && stageOf(construct) !== stage) as Stack[];
}

/** A Stage and all below it, and apart from it the Stages that are nested in it. */
interface StageContents {
  readonly constructs: IConstruct[];
  readonly nestedStages: Stage[];
}

function contentsOf(stage: Stage): StageContents {
  const contents: StageContents = { constructs: [], nestedStages: [] };
  collect(stage, contents);
  return contents;
}

function collect(construct: IConstruct, contents: StageContents): void {
  contents.constructs.push(construct);
  for (const child of construct.node.children) {
    if (Stage.isStage(child)) contents.nestedStages.push(child);
    else collect(child, contents);
  }
}

function scopeOf(stack: Stack, siblings: TemplateScope[], scopes: ReadonlyMap<Stack, TemplateScope>): TemplateScope {
  const elements = elementsOf(stack);
  const parent = stack.nestedStackParent && scopes.get(stack.nestedStackParent);
  const resource = stack.nestedStackResource;
  const nestedIn = parent && resource && { scope: parent, logicalId: logicalIdOf(resource) };
  let paths: ReadonlyMap<string, string> | undefined;
  const scope = new TemplateScope(
    {
      stack: stack.node.path,
      stackName: stack.stackName,
      template: render(stack, elements),
      nestedIn,
      constructPaths: () => (paths ??= pathsOf(elements)),
    },
    siblings,
  );
  siblings.push(scope);
  nestedIn?.scope.nest(nestedIn.logicalId, scope);
  return scope;
}

/** The elements of one template: nested stacks have templates of their own. */
function elementsOf(scope: IConstruct, found: CfnElement[] = []): CfnElement[] {
  for (const child of scope.node.children) {
    if (Stack.isStack(child) || Stage.isStage(child)) continue;
    if (CfnElement.isCfnElement(child) && isOfInterest(child)) found.push(child);
    elementsOf(child, found);
  }
  return found;
}

function pathsOf(elements: readonly CfnElement[]): Map<string, string> {
  return new Map(elements.map((element) => [logicalIdOf(element), element.node.path]));
}

/** Rendering is what costs most, so what cannot matter is left out. An override may make a resource into one of another type. */
function isOfInterest(element: CfnElement): boolean {
  if (!CfnResource.isCfnResource(element) || !runsNothing(element.cfnResourceType)) return true;
  const overrides: unknown = Reflect.get(element, 'rawOverrides');
  return isObject(overrides as Json) && Object.keys(overrides as JsonObject).some((name) => name !== 'Properties');
}

function logicalIdOf(element: CfnElement): string {
  return element.stack.resolve(element.logicalId) as string;
}

function render(stack: Stack, elements: readonly CfnElement[]): JsonObject {
  const { transforms = [] } = stack.templateOptions;
  // Deprecated, and stripped from the types; CDK still writes it.
  const transform = textOf(Reflect.get(stack.templateOptions, 'transform') as Json | undefined);
  const template: JsonObject = { Transform: transform === undefined ? transforms : [...transforms, transform] };
  for (const element of elements) {
    const fragment = stack.resolve(element._toCloudFormation()) as Json;
    for (const [section, content] of members(fragment)) {
      const known = template[section];
      template[section] = isObject(known) && isObject(content) ? Object.assign(known, content) : content;
    }
  }
  return template;
}

/** Assets are told to a stack's synthesizer as they are constructed, and wait there for the asset manifest to be written. */
function assetsOfStack(stack: Stack, displayPath: DisplayPath): DockerAsset[] {
  const outdir = stageOf(stack)?.outdir ?? '';
  const listed = manifestsOf(stack).flatMap((manifest) => {
    const content = JSON.parse(JSON.stringify(manifest)) as JsonObject;
    return assetsOfManifest(content, stack.node.path, stack.node.path, outdir, displayPath);
  });
  const noted = metadataOf(stack, 'aws:cdk:asset').map((data) =>
    assetOfMetadata(data, stack.node.path, outdir, displayPath),
  );
  return [...listed, ...noted.filter((asset) => asset !== undefined)];
}

/** The files that a stack has published, by hash. */
function filesOfStack(stack: Stack): FileAsset[] {
  const outdir = stageOf(stack)?.outdir ?? '';
  const listed = manifestsOf(stack).flatMap((manifest) => {
    const { files } = JSON.parse(JSON.stringify(manifest)) as JsonObject;
    return filesOfManifest(files, outdir);
  });
  return [...listed, ...metadataOf(stack, 'aws:cdk:asset').flatMap((data) => fileOfMetadata(data, outdir))];
}

/** What was acknowledged at some constructs. */
export function acknowledgementsOf(constructs: readonly IConstruct[]): Acknowledgements {
  return new Acknowledgements((found) => {
    for (const construct of constructs) {
      for (const reasons of metadataOf(construct, ACKNOWLEDGED_RULES)) {
        found.record(construct.node.path, textsOf(reasons) ?? {});
      }
    }
  });
}

function metadataOf(construct: IConstruct, type: string): Json[] {
  const found: Json[] = [];
  for (const entry of construct.node.metadata) if (entry.type === type) found.push(entry.data as Json);
  return found;
}

/** The asset manifests that a synthesizer holds. One bound to a stack inherits from the one that the user made. */
function manifestsOf(stack: Stack): AssetManifestBuilder[] {
  const manifests: AssetManifestBuilder[] = [];
  for (const name in stack.synthesizer) {
    const member: unknown = Reflect.get(stack.synthesizer, name);
    if (member instanceof AssetManifestBuilder) manifests.push(member);
  }
  return manifests;
}

/** Shows a Dockerfile under the directory that its staged copy was made of. */
export function displayPathOf(constructs: readonly IConstruct[]): DisplayPath {
  const sources = new Map<string, string>();
  for (const construct of constructs) {
    if (construct instanceof AssetStaging) sources.set(construct.absoluteStagedPath, construct.sourcePath);
  }
  return (directory, dockerfile) => relative(process.cwd(), join(sources.get(directory) ?? directory, dockerfile));
}
