import { carrierDocuments } from './carrier-documents';
import { knownWords } from './command-words';
import { isDeferred, readable } from './deferred';
import type { DockerAssets } from './docker-assets';
import type { RunSettings } from '../policy/image-use';
import { opaque, originsOf } from './image-origin';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import { parsedDocument } from './parsed-document';
import type { SitedImage } from './sited-image';
import { unseen } from './sited-image';
import type { View } from './view';

/** What services call the member that names an image. State machines end the names of those that they work out in `.$`. */
const IMAGE_MEMBER =
  /^(?:image|imageUri|trainingImage|containerUri|imageIdentifier|ecrUri|spark\..*(?:container\.image|docker_image))(?:\.\$)?$/i;

/** Images that the documents of a resource name. */
export function carriedImages(
  type: string,
  properties: View,
  assets: DockerAssets,
  files: ReadonlyMap<string, string>,
): SitedImage[] {
  return carrierDocuments(type, properties, files).flatMap(({ path, content, unread }) =>
    unread === undefined ? imagesIn(content, path, assets) : [unseen(path, unread)],
  );
}

function imagesIn(document: Json | undefined, path: string, assets: DockerAssets): SitedImage[] {
  if (Array.isArray(document)) return document.flatMap((item, index) => imagesIn(item, `${path}[${index}]`, assets));
  // Greengrass names images as artifacts: `docker:nginx:1.27`.
  if (typeof document === 'string')
    return document.startsWith('docker:') ? [at(path, path, document.slice(7), assets, {})] : [];
  if (!isObject(document)) return [];
  const name = textOf(document.Name ?? document.name);
  return Object.entries(document).flatMap(([key, value]) => {
    const below = `${path}.${key}`;
    if (typeof value === 'string' && IMAGE_MEMBER.test(key)) return [at(below, name ?? below, value, assets, document)];
    const inside = typeof value === 'string' ? parsedDocument(value) : undefined;
    return imagesIn(inside ?? value, below, assets);
  });
}

function at(
  propertyPath: string,
  container: string,
  image: string,
  assets: DockerAssets,
  holder: JsonObject,
): SitedImage {
  const isWorkedOut = propertyPath.endsWith('.$') || /^\s*\{%/.test(image);
  const origins = isWorkedOut
    ? [opaque(`the image is worked out as the state machine runs: ${readable(image)}`)]
    : originsOf(image, assets);
  return {
    propertyPath,
    container: isDeferred(container) ? propertyPath : container,
    role: 'unknown',
    origins,
    settings: settingsIn(holder),
  };
}

const COMMANDS = { entryPoint: /^(?:entryPoint|containerEntrypoint)$/i, command: /^(?:command|containerArguments)$/i };

/** What the container that a document describes is started with. */
function settingsIn(container: JsonObject): RunSettings {
  const stated = Object.entries(COMMANDS).flatMap(([setting, member]) => {
    const found = Object.keys(container).find((key) => member.test(key));
    return found === undefined ? [] : [[setting, knownWords(container[found])] as const];
  });
  const unresolved = stated.filter(([, words]) => !words).map(([setting]) => setting);
  const known = Object.fromEntries(stated.filter(([, words]) => words));
  return { ...known, ...(unresolved.length > 0 && { unresolved }) };
}
