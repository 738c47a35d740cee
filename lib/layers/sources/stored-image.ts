import { checkDigest } from '../digest/digest';
import type { LayerBlob, PlatformImage } from '../image-source';
import { readImageConfig } from '../image-config';
import { InspectionError } from '../inspection-error';
import type { ImageFiles } from './image-files';

/** A layer that is a file. */
export function storedLayer(files: ImageFiles, path: string, digest: string | undefined): LayerBlob {
  const open = files.open?.bind(files, path);
  return {
    ...(digest !== undefined && { digest }),
    path,
    get sizeBytes() {
      return files.sizeOf(path);
    },
    read: (into) => files.read(path, into),
    ...(open && { open }),
    range: () => files.rangeOf(path),
  };
}

/**
 * Whether two stored images are the same one, so that it need not be inspected twice. To have the same configuration is not enough: one of
 * them may have other layers than it says, and be refused where it is loaded, while the other is run.
 */
export function isSameImage(first: PlatformImage, second: PlatformImage): boolean {
  const sameLayers =
    first.layers.length === second.layers.length &&
    first.layers.every(({ path }, i) => path !== undefined && path === second.layers[i].path);
  return sameLayers && Buffer.compare(first.config, second.config) === 0;
}

/** Reads a document and checks it against the digest and the size that something else says it has. */
export function readChecked(files: ImageFiles, path: string, what: string, digest: string, size?: number): Buffer {
  const bytes = files.readDocument(path);
  if (size !== undefined && size !== bytes.length) {
    throw new InspectionError('digest-mismatch', `${what} has ${bytes.length} bytes, and should have ${size}`, {
      path,
    });
  }
  checkDigest(what, bytes, digest);
  return bytes;
}

/** The diff ids in a configuration, which tell whether a layer that is named by a digest is stored unpacked. */
export function diffIdsIn(config: Uint8Array): readonly string[] {
  return readImageConfig(config).diffIds;
}
