import { Acknowledgements } from '../../lib/assembly/acknowledgements';
import type { AssemblyModel } from '../../lib/assembly/assembly-model';
import type { DockerAsset } from '../../lib/assembly/docker-assets';
import { DockerAssets } from '../../lib/assembly/docker-assets';
import { imageUses } from '../../lib/assembly/image-uses';
import type { JsonObject } from '../../lib/assembly/json';
import { TemplateScope } from '../../lib/assembly/template-scope';
import type { ImageUse } from '../../lib/policy/image-use';

/** A model of templates that were never on disk, by stack name. */
export function modelOf(templates: Record<string, JsonObject>, assets: readonly DockerAsset[] = []): AssemblyModel {
  const scopes: TemplateScope[] = [];
  for (const [stack, template] of Object.entries(templates)) {
    scopes.push(new TemplateScope({ stack, stackName: stack, template }, scopes));
  }
  return {
    directory: '/assembly',
    templates: scopes,
    assets: new DockerAssets(assets),
    files: new Map(),
    problems: [],
    acknowledgements: new Acknowledgements(),
  };
}

/** The uses of one resource. */
export function usesOf(type: string, properties: JsonObject, sections: JsonObject = {}): ImageUse[] {
  const template = { ...sections, Resources: { R: { Type: type, Properties: properties } } };
  return imageUses(modelOf({ S: template }));
}

/** What the uses run, for short. */
export function imagesIn(uses: readonly ImageUse[]): string[] {
  return uses.map(({ origin }) => (origin.kind === 'reference' ? origin.reference : origin.kind));
}
