import type { ImageUse } from '../policy/image-use';
import type { AssemblyModel, AssemblyProblem } from './assembly-model';
import { everyWorld } from './choices';
import { isDeferred } from './deferred';
import type { DockerAssets } from './docker-assets';
import { carriedImages } from './carried-images';
import { carriesDocuments } from './carrier-documents';
import { documentImages } from './documents';
import { hostVolumes } from './host-volumes';
import { opaque, originsOf } from './image-origin';
import type { JsonObject } from './json';
import { textOf } from './json';
import { initScripts, machineScripts, mayHoldScripts } from './machine-scripts';
import type { SitedImage } from './sited-image';
import type { ImageSite } from './sites';
import { sitesOf } from './sites';
import { runsNothing, strayAssets } from './stray-assets';
import type { TemplateScope } from './template-scope';
import { startedElsewhere, startedOtherwise } from './started-images';
import { TaskDefinitions, taskStarts } from './task-starts';
import { isTransformed, macroUses, unseenParts } from './unseen-parts';
import type { Found } from './view';
import { View } from './view';

/**
 * Every image use of an assembly.
 *
 * Where an image depends on conditions or parameters there is a use for each possibility; what cannot be seen at all is a use
 * of opaque origin.
 */
export function imageUses(model: AssemblyModel): ImageUse[] {
  const starts = taskStarts(model);
  const definitions = new TaskDefinitions(model, starts);
  const uses = model.templates.flatMap((scope) => usesOfTemplate(scope, model, definitions));
  return [
    ...uses,
    ...startedOtherwise(starts, definitions, uses),
    ...startedElsewhere(definitions),
    ...model.problems.map(useOfProblem),
  ];
}

function usesOfTemplate(scope: TemplateScope, model: AssemblyModel, definitions: TaskDefinitions): ImageUse[] {
  const uses: ImageUse[] = [];
  for (const [logicalId, resource] of scope.resources()) {
    const type = textOf(resource.Type) ?? '';
    if (runsNothing(type) && !isTransformed(resource)) continue;
    const sited = imagesOf(type, scope, resource, model);
    const images = [...sited, ...strayAssets(type, resource, sited, model.assets), ...unseenParts(type, resource)];
    if (images.length === 0) continue;
    const executes = definitions.executesCommands(scope, logicalId);
    for (const image of distinct(images))
      usesOfImage(scope, logicalId, type, withExecuteCommand(image, executes), uses);
  }
  return [...uses, ...macroUses(scope)];
}

/** All images that the table of sites tells of in one resource, however it may be deployed. */
function imagesOf(type: string, scope: TemplateScope, resource: JsonObject, model: AssemblyModel): SitedImage[] {
  const sites = sitesOf(type);
  const carries = carriesDocuments(type);
  const scripted = mayHoldScripts(type, resource);
  if (!sites && !carries && !scripted) return [];
  const { assets, files } = model;
  const { results, complete } = everyWorld((choices) => {
    const properties = new View(resource.Properties, scope, choices);
    return [
      ...(sites ?? []).flatMap((site) => imagesOfSite(site, properties, assets)),
      ...(carries ? carriedImages(type, properties, assets, files) : []),
      ...(scripted ? machineScripts(type, properties) : []),
      ...(scripted ? initScripts(new View(resource.Metadata, scope, choices)) : []),
      ...hostVolumes(type, properties),
    ];
  });
  if (!complete) return [...results.flat(), UNDECIDABLE];
  return results.length === 1 ? results[0] : results.flat();
}

const UNDECIDABLE: SitedImage = {
  propertyPath: 'Properties',
  container: 'Properties',
  role: 'unknown',
  origins: [opaque('the image depends on more conditions and parameters than can be looked at in every combination')],
  settings: {},
};

function withExecuteCommand(image: SitedImage, executes: boolean | undefined): SitedImage {
  return executes === undefined ? image : { ...image, settings: { ...image.settings, executeCommand: executes } };
}

function imagesOfSite(site: ImageSite, properties: View, assets: DockerAssets): SitedImage[] {
  const images = (site.images ?? []).flatMap((pattern) => properties.find(pattern));
  const documents = Object.entries(site.documents ?? {});
  return [
    ...images.map((found) => imageAt(found, site, properties, assets)),
    ...documents.flatMap(([property, kind]) => documentImages(kind, property, properties, site.role, assets)),
  ];
}

function imageAt({ path, view }: Found, site: ImageSite, properties: View, assets: DockerAssets): SitedImage {
  const holder = view.parent ?? properties;
  const name = holder.get('Name').value;
  return {
    propertyPath: path,
    container: typeof name === 'string' && !isDeferred(name) && !path.includes('{}') ? name : path,
    role: site.role,
    origins: originsOf(view.value ?? null, assets),
    settings: site.settings?.(holder, properties) ?? {},
  };
}

function usesOfImage(
  scope: TemplateScope,
  logicalId: string,
  resourceType: string,
  sited: SitedImage,
  uses: ImageUse[],
): void {
  const { propertyPath, container, role, origins, settings } = sited;
  for (const origin of new Set(origins)) {
    uses.push({
      stack: scope.stack,
      logicalId,
      // Looked up when somebody asks: of most uses there is nothing to tell.
      get constructPath() {
        return scope.constructPath(logicalId);
      },
      templateFile: scope.file,
      resourceType,
      propertyPath,
      container,
      role,
      origin,
      settings,
    });
  }
}

function useOfProblem(problem: AssemblyProblem): ImageUse {
  const { stack, file, reason, logicalId = '', constructPath } = problem;
  return {
    stack,
    logicalId,
    constructPath,
    templateFile: file,
    resourceType: 'AWS::CloudFormation::Stack',
    propertyPath: '',
    container: logicalId || stack,
    role: 'unknown',
    origin: opaque(`${file}: ${reason}`),
    settings: {},
  };
}

/** Two ways to deploy a resource often come to the same image. */
function distinct(images: SitedImage[]): SitedImage[] {
  return images.length < 2 ? images : [...new Map(images.map((image) => [JSON.stringify(image), image])).values()];
}
