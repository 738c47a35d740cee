import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipDecoder } from '../../lib/layers/decode/gzip-decoder';
import type { LayerBlob } from '../../lib/layers/image-source';
import { openImage } from '../../lib/layers/sources/open-image';
import { debianPackage, FIXTURES, packageTar } from '../../test/layers/fixtures/debian-packages';
import { tar } from '../../test/layers/fixtures/tar-builder';

/**
 * The builder images that are measured: the stand-ins that the end-to-end tests build with, a compiler beside Node.js as its full image has
 * one, and a small application on top.
 */
const TOOLCHAINS = {
  jdk: { image: 'maven:3.9-eclipse-temurin-25' },
  go: { image: 'golang:1.26-trixie' },
  node: {
    image: 'node:24-trixie-slim',
    packages:
      'gcc-12 g++-12 cpp-12 libgcc-12-dev libstdc++-12-dev libc6-dev binutils-x86-64-linux-gnu make git python3.11-minimal libpython3.11-stdlib',
  },
} as const satisfies Record<string, { image: string; packages?: string }>;

export type Toolchain = keyof typeof TOOLCHAINS;
export const TOOLCHAIN_NAMES = Object.keys(TOOLCHAINS) as Toolchain[];

export type Packing = 'none' | 'gzip' | 'zstd';

/** One builder image, stored in every way that is measured. */
export interface BuilderImage {
  readonly name: Toolchain;
  readonly unpackedBytes: number;
  /** Archive of `docker save`, layers not packed. */
  readonly dockerArchive: string;
  /** The layout with gzip as an archive. */
  readonly ociArchive: string;
  /** OCI layouts, and the paths of their layers. */
  readonly layouts: Readonly<Record<'gzip' | 'zstd', { readonly path: string; readonly layers: readonly string[] }>>;
}

/**
 * Makes an image, once, and keeps it beside the downloaded packages.
 *
 * @param standIns the OCI layout of the stand-ins
 */
export function builderImage(name: Toolchain, standIns: string): BuilderImage {
  const directory = join(FIXTURES, 'bench', `${name}-builder`);
  const toolchain: { readonly image: string; readonly packages?: string } = TOOLCHAINS[name];
  const layers = [
    ...standInLayers(directory, standIns, toolchain.image),
    ...(toolchain.packages === undefined ? [] : [packageLayer(directory, toolchain.packages)]),
    appLayer(directory),
  ];
  const gzip = layout(directory, layers, 'gzip');
  return {
    name,
    unpackedBytes: layers.reduce((sum, path) => sum + statSync(path).size, 0),
    dockerArchive: archive(directory, layers),
    ociArchive: ociArchive(directory, gzip.path),
    layouts: { gzip, zstd: layout(directory, layers, 'zstd') },
  };
}

/** The layers of a stand-in, unpacked; not the last, which has the settings of this machine. */
function standInLayers(directory: string, standIns: string, image: string): string[] {
  const source = openImage(standIns);
  try {
    const found = source.images.find(({ references }) => references.includes(`docker.io/library/${image}`));
    if (!found) throw new Error(`there is no stand-in of ${image}`);
    return found.layers
      .slice(0, -1)
      .map((blob, index) => once(join(directory, `${index}.tar`), (path) => writeUnpacked(blob, path)));
  } finally {
    source.close();
  }
}

function writeUnpacked(blob: LayerBlob, path: string): void {
  const fd = openSync(path, 'w');
  const decoder = gzipDecoder((chunk) => writeSync(fd, chunk));
  blob.read({ push: (chunk) => decoder.push(chunk), skippable: 0, skip: () => undefined });
  decoder.finish();
  closeSync(fd);
}

function packageLayer(directory: string, packages: string): string {
  return once(join(directory, 'packages.tar'), (path) => {
    const fd = openSync(path, 'w');
    for (const deb of packages.split(' ').map(debianPackage)) {
      if (deb) writeSync(fd, withoutEnd(packageTar(deb)));
    }
    writeSync(fd, Buffer.alloc(1024));
    closeSync(fd);
  });
}

/** The zeros at the end of an archive, so that another can follow. */
function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes.subarray(end - 512, end).every((byte) => byte === 0)) end -= 512;
  return bytes.subarray(0, end);
}

function appLayer(directory: string): string {
  const members = Array.from({ length: 400 }, (_, i) => ({
    name: `app/lib/module-${i}.js`,
    body: `module.exports = ${i};\n`.repeat(40),
  }));
  return once(join(directory, 'app.tar'), (path) => writeFileSync(path, tar(members)));
}

/** The configuration is named by its digest, as Docker does: other readers find it by this name. */
function archive(directory: string, layers: readonly string[]): string {
  return once(join(directory, 'docker-save.tar'), (path) => {
    const config = configOf(layers);
    const configName = `${sha256(config)}.json`;
    const manifest = [
      { Config: configName, RepoTags: ['builder:latest'], Layers: layers.map((_, i) => `${i}/layer.tar`) },
    ];
    const members = [
      ...layers.map((layer, i) => ({ name: `${i}/layer.tar`, body: readFileSync(layer) })),
      { name: configName, body: config },
      { name: 'manifest.json', body: JSON.stringify(manifest) },
    ];
    writeFileSync(path, tar(members));
  });
}

function ociArchive(directory: string, layoutPath: string): string {
  return once(join(directory, 'oci-gzip.tar'), (path) => {
    const names = ['index.json', ...readdirSync(join(layoutPath, 'blobs/sha256')).map((hex) => `blobs/sha256/${hex}`)];
    const members = names.map((name) => ({ name, body: readFileSync(join(layoutPath, name)) }));
    writeFileSync(path, tar([{ name: 'oci-layout', body: '{"imageLayoutVersion":"1.0.0"}' }, ...members]));
  });
}

function layout(
  directory: string,
  layers: readonly string[],
  packing: 'gzip' | 'zstd',
): { path: string; layers: string[] } {
  const path = join(directory, packing);
  mkdirSync(join(path, 'blobs/sha256'), { recursive: true });
  const list = once(join(path, 'layers.json'), (at) =>
    writeFileSync(at, JSON.stringify(writeLayout(path, layers, packing))),
  );
  return { path, layers: JSON.parse(readFileSync(list, 'utf8')) as string[] };
}

function writeLayout(path: string, layers: readonly string[], packing: 'gzip' | 'zstd'): string[] {
  const type = (what: string) => `application/vnd.oci.image.${what}`;
  const packed = layers.map((layer) => blob(path, type(`layer.v1.tar+${packing}`), pack(layer, packing)));
  const config = blob(path, type('config.v1+json'), configOf(layers));
  const manifest = { schemaVersion: 2, mediaType: type('manifest.v1+json'), config, layers: packed };
  const manifests = [blob(path, type('manifest.v1+json'), Buffer.from(JSON.stringify(manifest)))];
  writeFileSync(join(path, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return packed.map(({ digest }) => join(path, 'blobs/sha256', digest.slice('sha256:'.length)));
}

function pack(layer: string, packing: 'gzip' | 'zstd'): Buffer {
  return execFileSync(packing, ['-c', packing === 'gzip' ? '-6' : '-3', layer], { maxBuffer: 2 ** 31 });
}

function blob(path: string, mediaType: string, bytes: Buffer): { mediaType: string; digest: string; size: number } {
  writeFileSync(join(path, 'blobs/sha256', sha256(bytes)), bytes);
  return { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length };
}

function configOf(layers: readonly string[]): Buffer {
  const diffIds = layers.map((layer) => `sha256:${sha256(readFileSync(layer))}`);
  return Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'amd64', config: {}, rootfs: { type: 'layers', diff_ids: diffIds } }),
  );
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Makes a file unless it is there; half of it is never left behind. */
function once(path: string, make: (path: string) => void): string {
  if (existsSync(path)) return path;
  mkdirSync(join(path, '..'), { recursive: true });
  make(`${path}.part`);
  renameSync(`${path}.part`, path);
  return path;
}
