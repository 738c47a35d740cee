import { resolve } from 'node:path';
import type { Json } from './json';
import { isObject, members, textOf } from './json';

/** Hash and absolute path of a file that is published. */
export type FileAsset = readonly [hash: string, path: string];

/**
 * The files of an asset manifest. Those that a command makes as they are published are not there to be read.
 *
 * @param files the member `files` of the manifest
 */
export function filesOfManifest(files: Json | undefined, directory: string): FileAsset[] {
  return members(files).flatMap(([hash, asset]) => {
    const source = isObject(asset) && isObject(asset.source) ? asset.source : {};
    const path = source.executable === undefined ? textOf(source.path) : undefined;
    return path === undefined ? [] : [[hash, resolve(directory, path)] as const];
  });
}

/** A file as the legacy synthesizer notes it down in a stack's metadata. */
export function fileOfMetadata(data: Json | undefined, directory: string): FileAsset[] {
  if (!isObject(data) || data.packaging !== 'file') return [];
  const [hash, path] = [textOf(data.sourceHash), textOf(data.path)];
  return hash === undefined || path === undefined ? [] : [[hash, resolve(directory, path)]];
}
