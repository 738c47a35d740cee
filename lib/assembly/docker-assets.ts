import { join, resolve } from 'node:path';
import type { DockerfileOrigin, ImageOrigin } from '../policy/image-use';
import { AssemblyError } from './assembly-error';
import { markPlaceholders } from './deferred';
import { isRegistryOf } from './ecr-registry';
import type { Json, JsonObject } from './json';
import { isObject, members, readJsonObject, textOf, textsOf } from './json';

/** An image that the CDK CLI builds or loads, and publishes. */
export interface DockerAsset {
  /** Key in the asset manifest. */
  readonly id: string;
  /** What people call it: the path of its construct, unless the app says otherwise. */
  readonly name: string;
  /** Where it is published: `repository:tag`, the tag a hash. */
  readonly destinations: readonly string[];
  readonly origin: ImageOrigin;
  /** How it is built, as the asset manifest has it. */
  readonly source: JsonObject;
  /** The manifest that lists it. */
  readonly manifestFile: string;
  /** Where its relative paths start. */
  readonly directory: string;
}

/** The command that loads a tarball, see TarballImageAsset of aws-ecr-assets; any other command may make any image. */
const TARBALL_SCRIPT = /^[\w./-]+ load -i "\$1" \| tail -n 1 \| sed "s\/Loaded image(?:\[\^:\]\*)?: \/\/g"$/;
const TARBALL_LOADER = 'cdk-tarball-image-asset';

/**
 * The images of an asset manifest (`<stack>.assets.json`).
 *
 * @param stack path of the stack that it belongs to
 */
export function assetsOfManifest(
  manifest: JsonObject,
  stack: string,
  file: string,
  directory: string,
  displayPath: DisplayPath,
): DockerAsset[] {
  return members(manifest.dockerImages).flatMap(([id, image]) => {
    if (!isObject(image) || !isObject(image.source)) return [];
    const source = ungated(image.source, directory);
    const origin = originOfSource(id, source, directory, displayPath);
    const destinations = members(image.destinations).map(([, destination]) => destinationKey(destination));
    const name = pathOf(textOf(image.displayName) ?? id, stack);
    return [{ id, name, destinations, origin, source, manifestFile: file, directory }];
  });
}

/** CDK calls an image by its path in the stack, the constructs of this package by its whole path. */
function pathOf(displayName: string, stack: string): string {
  return displayName.startsWith(`${stack}/`) ? displayName : `${stack}/${displayName}`;
}

/** The program of a gate before publishing, and the file in which the image keeps how it is built, see `images/gate/`. */
const GATE_PROGRAM = /(?:^|\/)lib\/guard\/gate\/gate-process\.[jt]s$/;
const GATE_RECIPE = /^distroless-gate\.([0-9a-f]{16})\.json$/;

/** How an image is built, whether or not a gate is put before its publishing. */
function ungated(source: JsonObject, directory: string): JsonObject {
  const name = gateRecipe(wordsOf(source.executable));
  if (name === undefined) return source;
  const file = join(directory, name);
  const recipe = readJsonObject(file);
  if (!isObject(recipe.source)) throw new AssemblyError(file, 'it does not say how the image is built');
  return recipe.source;
}

/** The last word of a command that opens a gate, see `gateCommand` of `images/gate/`; any other command may make any image. */
function gateRecipe(command: readonly string[]): string | undefined {
  const [program = '', recipe = ''] = command.slice(-2);
  const start = command[0] === 'env' ? ['env', command[1], 'node', '--require', command[4]] : ['node'];
  const isGate = command.length === start.length + 2 && start.every((word, index) => command[index] === word);
  return isGate && GATE_PROGRAM.test(program) && GATE_RECIPE.test(recipe) ? recipe : undefined;
}

function wordsOf(command: Json | undefined): string[] {
  return Array.isArray(command) ? command.filter((word) => typeof word === 'string') : [];
}

/** How a Dockerfile is shown to people, given its directory and its name in there. */
export type DisplayPath = (directory: string, dockerfile: string) => string;

function originOfSource(id: string, source: JsonObject, root: string, displayPath: DisplayPath): ImageOrigin {
  const directory = textOf(source.directory);
  const command = wordsOf(source.executable);
  // Where both are stated, the CLI runs the command.
  if (directory !== undefined && !source.executable) {
    return dockerfileOrigin(id, resolve(root, directory), source, displayPath);
  }
  const tarball = tarballOf(command);
  if (tarball !== undefined) return { kind: 'tarball', path: resolve(root, tarball), assetId: id };
  return {
    kind: 'opaque',
    reason: `the image is made by a command as it is published: ${command.join(' ')}`,
    assetId: id,
  };
}

/** The archive that a command loads. */
function tarballOf([shell, option, script = '', name, path, ...more]: readonly string[]): string | undefined {
  const isLoader = shell === 'sh' && option === '-c' && TARBALL_SCRIPT.test(script) && name === TARBALL_LOADER;
  return isLoader && more.length === 0 ? path : undefined;
}

function dockerfileOrigin(
  assetId: string,
  directory: string,
  source: JsonObject,
  displayPath: DisplayPath,
): DockerfileOrigin {
  const dockerfile = textOf(source.dockerFile) ?? 'Dockerfile';
  return {
    kind: 'dockerfile',
    assetId,
    directory,
    dockerfile,
    displayPath: displayPath(directory, dockerfile),
    buildArgs: textsOf(source.dockerBuildArgs),
    buildContexts: textsOf(source.dockerBuildContexts),
    target: textOf(source.dockerBuildTarget),
    platform: textOf(source.platform),
  };
}

function destinationKey(destination: Json): string {
  const { repositoryName = '', imageTag = '' } = isObject(destination) ? destination : {};
  return markPlaceholders(`${textOf(repositoryName)}:${textOf(imageTag)}`);
}

/**
 * An image asset as the legacy synthesizer notes it down in a stack's metadata.
 *
 * Source of the fields: `ContainerImageAssetMetadataEntry` of cloud-assembly-schema. What the CLI makes of them: `prepareDockerImageAsset`
 * of toolkit-lib; it leaves out named contexts and caches.
 */
export function assetOfMetadata(
  data: Json | undefined,
  file: string,
  directory: string,
  displayPath: DisplayPath,
): DockerAsset | undefined {
  if (!isObject(data) || data.packaging !== 'container-image') return undefined;
  const { id, path, file: dockerFile, target, buildArgs, platform, networkMode } = data;
  const stated = { dockerFile, platform, networkMode, directory: path, dockerOutputs: data.outputs };
  const secret = { dockerBuildSecrets: data.buildSecrets, dockerBuildSsh: data.buildSsh };
  const renamed = { dockerBuildTarget: target, dockerBuildArgs: buildArgs };
  const source = Object.fromEntries(
    Object.entries({ ...stated, ...secret, ...renamed }).filter(([, value]) => value !== undefined),
  );
  const assetId = textOf(data.sourceHash) ?? textOf(id) ?? '';
  const tag = textOf(data.imageTag) ?? textOf(data.sourceHash) ?? '';
  return {
    id: assetId,
    name: assetId,
    destinations: [markPlaceholders(`${textOf(data.repositoryName) ?? 'aws-cdk/assets'}:${tag}`)],
    origin: originOfSource(assetId, source, directory, displayPath),
    source,
    manifestFile: file,
    directory,
  };
}

/** Metadata that the images of this library leave in a stack: how to name their generated Dockerfiles. */
export const IMAGE_METADATA = 'cdk-distroless:image';

/** The asset under the name that its own image construct gives its Dockerfile, when it has one. */
export function namedByItsImage(asset: DockerAsset, marks: readonly Json[]): DockerAsset {
  const mark = marks.find((data) => isObject(data) && asset.id.endsWith(textOf(data.assetHash) ?? ' '));
  const displayPath = isObject(mark) ? textOf(mark.displayPath) : undefined;
  if (asset.origin.kind !== 'dockerfile' || displayPath === undefined) return asset;
  return { ...asset, origin: { ...asset.origin, displayPath } };
}

const HASH = /[0-9a-f]{64}/g;

/** All images of an assembly, found by where they are published. Two stacks that list the same build share one origin. */
export class DockerAssets {
  public readonly all: readonly DockerAsset[];
  private readonly byDestination = new Map<string, DockerAsset[]>();
  private readonly byHash = new Map<string, DockerAsset[]>();

  public constructor(assets: readonly DockerAsset[]) {
    const origins = new Map<string, ImageOrigin>();
    this.all = assets.map((asset) => ({ ...asset, origin: shared(origins, asset.origin) }));
    for (const asset of this.all) {
      for (const destination of asset.destinations) {
        add(this.byDestination, destination, asset);
        for (const hash of hashesIn(destination)) add(this.byHash, hash, asset);
      }
    }
  }

  /**
   * The images published as `<registry>/<repository>:<tag>`. More than one when their manifests do not agree.
   *
   * Only the registry of an account of AWS is published to; where the repository is called after the account, only that of this one.
   */
  public publishedAs(reference: string): readonly DockerAsset[] {
    const slash = reference.indexOf('/');
    const [registry, name] = [reference.slice(0, Math.max(0, slash)), reference.slice(slash + 1)];
    const published = this.byDestination.get(name);
    return published && isRegistryOf(registry, name) ? published : [];
  }

  /** The images whose hashes a text mentions. */
  public mentionedIn(text: string): readonly DockerAsset[] {
    const hashes = hashesIn(text);
    if (hashes.length < 2) return this.byHash.get(hashes[0]) ?? [];
    return hashes.flatMap((hash) => this.byHash.get(hash) ?? []);
  }
}

function hashesIn(text: string): readonly string[] {
  const hashes = text.match(HASH) ?? [];
  return hashes.length < 2 ? hashes : [...new Set(hashes)];
}

function shared(origins: Map<string, ImageOrigin>, origin: ImageOrigin): ImageOrigin {
  const key = JSON.stringify(origin);
  const known = origins.get(key) ?? origin;
  origins.set(key, known);
  return known;
}

function add(index: Map<string, DockerAsset[]>, key: string, asset: DockerAsset): void {
  const known = index.get(key) ?? [];
  if (!known.some((other) => other.origin === asset.origin)) index.set(key, [...known, asset]);
}
