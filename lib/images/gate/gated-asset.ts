import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetManifestBuilder, Stack, Stage } from 'aws-cdk-lib';
import type { DockerImageSource } from 'aws-cdk-lib/cloud-assembly-schema';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { gateCommand } from './gate-program';

/** What makes the hash of an image another one with a gate: what was published without one was not looked into. */
export const GATED_HASH = 'publish-gate';

/** An entry of an asset manifest that is yet to be written. */
interface ManifestEntry {
  source: DockerImageSource;
}

const GATED = new WeakSet<DockerImageAsset>();

/** Whether an asset has a gate. */
export function isGated(asset: DockerImageAsset): boolean {
  return GATED.has(asset);
}

/**
 * Puts a command into the place of an asset's build: it builds the image as CDK would, looks into it, and gives it out for publishing
 * only if there is no shell and no package manager in it.
 *
 * @throws Error when the stack's synthesizer has no asset manifest
 */
export function gateAsset(asset: DockerImageAsset): void {
  const entries = entriesOf(asset);
  if (entries.length === 0) {
    const synthesizer = publishingStack(asset).synthesizer.constructor.name;
    throw new Error(
      `${asset.node.path}: there can be no gate before publishing, for ${synthesizer} writes no asset manifest; ` +
        'use DefaultStackSynthesizer, or leave the gate out',
    );
  }
  for (const [assetId, entry] of entries) {
    if (entry.source.directory) entry.source = { executable: commandFor(assetId, entry, asset) };
  }
  GATED.add(asset);
}

/** The command finds how to build in a file, because the CLI prints commands, and build arguments are not for everybody to read. */
function commandFor(assetId: string, { source }: ManifestEntry, asset: DockerImageAsset): string[] {
  const directory = outdirOf(Stage.of(asset));
  const recipe = JSON.stringify({ assetId, name: asset.node.path, source }, undefined, 2);
  const name = `distroless-gate.${createHash('sha256').update(recipe).digest('hex').slice(0, 16)}.json`;
  writeFileSync(join(directory, name), recipe);
  const root = asset.node.root;
  return [...gateCommand(outdirOf(Stage.isStage(root) ? root : undefined), directory), name];
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
