import type { DockerImageSource } from 'aws-cdk-lib/cloud-assembly-schema';
import type { InspectableAsset } from '../evidence/asset-inspections';
import { localTag } from '../evidence/builds/asset-build';
import type { DockerAsset, DockerAssets } from './docker-assets';

/** The images of an assembly that have to be made before their layers can be looked into; tarballs are there already. */
export function inspectableAssets({ all }: DockerAssets): InspectableAsset[] {
  const assets = new Map(all.filter(({ origin }) => origin.kind !== 'tarball').map((asset) => [asset.origin, asset]));
  const tags = [...assets.values()].map(tagOf);
  return [...assets.values()].map((asset) => inspectable(asset, tags.filter((tag) => tag === tagOf(asset)).length > 1));
}

function inspectable(asset: DockerAsset, isContested: boolean): InspectableAsset {
  const { id, name, directory, origin } = asset;
  // The CLI takes the manifest as it is, too; what makes no sense in it docker refuses.
  const source = asset.source as unknown as DockerImageSource;
  const conflict = `${id} is built in several ways in this assembly, and the first that is built stands for all of them`;
  return { origin, build: { assetId: id, name, directory, source }, ...(isContested && { conflict }) };
}

function tagOf({ id }: DockerAsset): string {
  return localTag({ assetId: id });
}
