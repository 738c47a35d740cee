import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AssetManifestBuilder, AssetStaging, Stack, Stage } from 'aws-cdk-lib';
import type { DockerImageSource } from 'aws-cdk-lib/cloud-assembly-schema';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { gateCommand } from './gate-program';

/** What makes the hash of an image another one with a gate: what was published without one was not looked into. */
export const GATED_HASH = 'publish-gate';

/** What the program of the gate is told. */
interface Recipe {
  readonly assetId: string;
  readonly source: DockerImageSource;
  /** As the guard has it; images know nothing of policies. */
  readonly policy: object;
}

/** An entry of an asset manifest that is yet to be written. */
interface ManifestEntry {
  source: DockerImageSource;
}

/** How the images of gated assets are built, by asset id. */
const GATED = new WeakMap<DockerImageAsset, ReadonlyMap<string, DockerImageSource>>();

/** Whether an asset has a gate. */
export function isGated(asset: DockerImageAsset): boolean {
  return GATED.has(asset);
}

/**
 * Puts a command into the place of an asset's build: it builds the image as CDK would, looks into it, and gives it out for publishing
 * only if there is no shell and no package manager in it. A gate that is there already is put up anew.
 *
 * @param policy what is demanded of the image: its exceptions and severities count
 * @throws Error when the stack's synthesizer has no asset manifest
 */
export function gateAsset(asset: DockerImageAsset, policy: object = {}): void {
  const entries = entriesOf(asset);
  if (entries.length === 0) {
    const synthesizer = publishingStack(asset).synthesizer.constructor.name;
    throw new Error(
      `${asset.node.path}: there can be no gate before publishing, for ${synthesizer} writes no asset manifest; ` +
        'use DefaultStackSynthesizer, or leave the gate out',
    );
  }
  const sources = GATED.get(asset) ?? new Map(entries.map(([assetId, { source }]) => [assetId, source]));
  for (const [assetId, entry] of entries) {
    const source = sources.get(assetId);
    if (source?.directory) entry.source = { executable: commandFor({ assetId, source, policy }, asset) };
  }
  GATED.set(asset, sources);
}

/** The command finds how to build in a file, because the CLI prints commands, and build arguments are not for everybody to read. */
function commandFor(build: Recipe, asset: DockerImageAsset): string[] {
  const directory = outdirOf(Stage.of(asset));
  const named = { name: asset.node.path, displayPath: dockerfileOf(asset, build.source), ...build };
  const recipe = JSON.stringify(named, undefined, 2);
  const key = JSON.stringify([build.assetId, build.source, asset.node.path]);
  const name = `distroless-gate.${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`;
  writeFileSync(join(directory, name), recipe);
  const root = asset.node.root;
  return [...gateCommand(outdirOf(Stage.isStage(root) ? root : undefined), directory), name];
}

/** The Dockerfile as people know it: a staged copy does not say what it is a copy of. */
function dockerfileOf(asset: DockerImageAsset, { dockerFile = 'Dockerfile' }: DockerImageSource): string {
  const staging = asset.node.tryFindChild('Staging');
  const directory = staging instanceof AssetStaging ? staging.sourcePath : '';
  return relative(process.cwd(), join(directory, dockerFile));
}

function outdirOf(stage: Stage | undefined): string {
  if (stage) return stage.outdir;
  throw new Error('an image with a gate has to be in an App');
}

function entriesOf(asset: DockerImageAsset): Array<[string, ManifestEntry]> {
  const { synthesizer } = publishingStack(asset);
  const manifests: AssetManifestBuilder[] = [];
  // A synthesizer that is bound to a stack inherits from the one that the user made.
  for (const name in synthesizer) {
    const member: unknown = Reflect.get(synthesizer, name);
    if (member instanceof AssetManifestBuilder) manifests.push(member);
  }
  const entries = manifests.flatMap((manifest) => {
    const images = Reflect.get(manifest, 'dockerImages') as Record<string, ManifestEntry> | undefined;
    return Object.entries(images ?? {});
  });
  return entries.filter(([assetId]) => assetId === asset.assetHash || assetId.endsWith(`-${asset.assetHash}`));
}

/** Nested stacks leave their assets to the stack that they are in. */
function publishingStack(asset: DockerImageAsset): Stack {
  let stack = Stack.of(asset);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}
