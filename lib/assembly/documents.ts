import type { ImageUse } from '../policy/image-use';
import { isDeferred, readable } from './deferred';
import type { DockerAssets } from './docker-assets';
import { hostVolume } from './host-volumes';
import { opaque, originsOf } from './image-origin';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import { parsedDocument } from './parsed-document';
import { manifestSettings } from './run-settings';
import type { SitedImage } from './sited-image';
import type { View } from './view';

export type DocumentKind = 'kubernetes' | 'helm';

/** The images in a property that holds a whole document as JSON text. */
export function documentImages(
  kind: DocumentKind,
  property: string,
  properties: View,
  role: ImageUse['role'],
  assets: DockerAssets,
): SitedImage[] {
  const chart = kind === 'helm' ? [chartItself(properties, role)] : [];
  const text = properties.get(property).value;
  if (text === undefined) return chart;
  const at = (origin: string): SitedImage => ({ ...unseen(property, role), origins: [opaque(origin)] });
  if (typeof text !== 'string') return [...chart, at(`${property} is no text`)];
  const document = parsedDocument(text);
  if (document === undefined) {
    return [...chart, at(`${property} is no JSON once its values are filled in: ${readable(text).slice(0, 60)}`)];
  }
  return [...chart, ...new DocumentWalk(role, assets).imagesIn(properties.at(document), property, properties.at({}))];
}

function unseen(propertyPath: string, role: ImageUse['role']): Omit<SitedImage, 'origins'> {
  return { propertyPath, container: propertyPath, role, settings: {} };
}

/** What a chart brings beside the values that the template sets is not in the assembly. */
function chartItself(properties: View, role: ImageUse['role']): SitedImage {
  const name = properties.get('Chart').value ?? properties.get('ChartAssetURL').value;
  const chart = typeof name === 'string' ? readable(name) : 'of unknown name';
  return {
    ...unseen('Chart', role),
    origins: [opaque(`the images of the Helm chart ${chart} are not in the template`)],
  };
}

/** One walk through a document; what a pod states holds for the containers below it. */
class DocumentWalk {
  public constructor(
    private readonly role: ImageUse['role'],
    private readonly assets: DockerAssets,
  ) {}

  public imagesIn(view: View, path: string, pod: View): SitedImage[] {
    const items = view.items.flatMap((item, index) => this.imagesIn(item, `${path}[${index}]`, pod));
    const inside = isPod(view) ? view : pod;
    const below = view.entries.flatMap(([name, item]) => this.imagesIn(item, `${path}.${name}`, inside));
    const image = imageOf(view.top);
    const host = hostVolume(textOf(view.get('hostPath.path').value), `${path}.hostPath`);
    const here = image === undefined ? this.patched(view, path, pod) : [this.image(view, image, path, pod)];
    return [...items, ...here, ...host, ...below];
  }

  /** A part of a container of elsewhere: an element of a list that a patch merges by name, or an operation on a path. */
  private patched(part: View, path: string, pod: View): SitedImage[] {
    const operation = isObject(part.top) ? operationOf(part.top) : undefined;
    if (!operation && !CONTAINER_PATH.test(path)) return [];
    const container = operation ? part.at(operation) : part;
    const image = imageOf(container.top);
    if (image !== undefined) return [this.image(container, image, path, pod)];
    const settings = manifestSettings(container, container.at({}));
    if (COMMANDS.every((name) => settings[name] === undefined && !settings.unresolved?.includes(name))) return [];
    const name = textOf(container.get('name').top) ?? path;
    return [{ ...unseen(path, this.role), container: name, origins: [opaque(PATCHED)], settings }];
  }

  private image(container: View, image: string, path: string, pod: View): SitedImage {
    const name = container.get('name').top;
    return {
      propertyPath: `${path}.image`,
      container: typeof name === 'string' && !isDeferred(name) ? name : `${path}.image`,
      role: this.role,
      origins: originsOf(image, this.assets),
      settings: manifestSettings(container, pod),
    };
  }
}

const COMMANDS = ['entryPoint', 'command', 'healthCheck'] as const;
const CONTAINER_PATH = /\.(?:init|ephemeral)?containers\[\d+\]$/i;
const PATCHED = 'the image of the container that is patched is not in the patch';

/** What an operation of a JSON patch sets in a container. */
function operationOf({ op, path, value }: JsonObject): JsonObject | undefined {
  const member = textOf(op) && /\/(image|command|args)$/.exec(textOf(path) ?? '')?.[1];
  return member ? { [member]: value } : undefined;
}

function isPod(view: View): boolean {
  return view.get('containers').items.length > 0 || view.get('initContainers').items.length > 0;
}

/** `image: "nginx"`, in the manner of charts `image: { registry, repository, tag, digest }`, of volumes `image: { reference }`. */
function imageOf(value: Json | undefined): string | undefined {
  const image = isObject(value) ? value.image : undefined;
  if (typeof image === 'string') return image;
  if (isObject(image) && typeof image.reference === 'string') return image.reference;
  if (!isObject(image) || typeof image.repository !== 'string') return undefined;
  const registry = textOf(image.registry);
  const digest = textOf(image.digest);
  const tag = typeof image.tag === 'number' ? String(image.tag) : textOf(image.tag);
  return `${registry ? `${registry}/` : ''}${image.repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}
