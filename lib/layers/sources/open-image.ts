import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { compressionOf, MAGIC_BYTES } from '../decode/compression';
import type { ImageSource, PlatformImage } from '../image-source';
import { InspectionError, locating } from '../inspection-error';
import { DEFAULT_LIMITS, type Limits } from '../limits';
import { ArchiveFiles } from './archive-files';
import { DirectoryFiles } from './directory-files';
import { DOCKER_MANIFEST, dockerImages } from './docker-archive';
import type { ImageFiles } from './image-files';
import { OCI_INDEX, ociImages } from './oci-layout';
import type * as spoolFile from './spool';
import { isSameImage } from './stored-image';

/**
 * Opens an image that is stored on disk: an archive of `docker save` in any of its layouts, also packed; an OCI image layout, as a
 * directory or as an archive; what kaniko, crane, skopeo and buildah write.
 *
 * @throws InspectionError when it is none of these
 */
export function openImage(path: string, limits: Limits = DEFAULT_LIMITS): ImageSource {
  return locating({ subject: path }, () => sourceOf(path, filesAt(path, limits), limits));
}

/**
 * Opens an image archive that can be read only once, such as the output of `docker save`.
 *
 * @param fd a file descriptor that is open for reading; closing it is left to the caller
 * @param subject what it is, for messages
 */
export function openImageStream(fd: number, subject: string, limits: Limits = DEFAULT_LIMITS): ImageSource {
  return locating({ subject }, () => sourceOf(subject, new ArchiveFiles(spooled(fd, limits), limits), limits));
}

function sourceOf(subject: string, files: ImageFiles, limits: Limits): ImageSource {
  try {
    return { subject, images: imagesIn(files, limits), close: () => files.close() };
  } catch (error) {
    files.close();
    throw error;
  }
}

/** Docker goes by one list of images, containerd by the other. What is in either of them may be run. */
function imagesIn(files: ImageFiles, limits: Limits): PlatformImage[] {
  const docker = files.has(DOCKER_MANIFEST);
  const oci = files.has(OCI_INDEX);
  if (!docker && !oci) {
    const problem = `neither ${DOCKER_MANIFEST} nor ${OCI_INDEX} is in it`;
    throw new InspectionError('not-an-image', problem, {}, 'not what docker save or an OCI layout looks like');
  }
  const images = docker ? dockerImages(files, limits) : [];
  const further = oci ? ociImages(files, limits) : [];
  return [...images, ...further.filter((image) => !images.some((other) => isSameImage(image, other)))];
}

function filesAt(path: string, limits: Limits): ImageFiles {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new InspectionError('unavailable', 'there is no such file or directory');
  if (stats.isDirectory()) return new DirectoryFiles(path, limits);
  return archiveAt(path, limits);
}

function archiveAt(path: string, limits: Limits): ImageFiles {
  const fd = openSync(path, 'r');
  try {
    if (!isPacked(fd)) return new ArchiveFiles(fd, limits);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  try {
    return new ArchiveFiles(spooled(fd, limits), limits);
  } finally {
    closeSync(fd);
  }
}

function isPacked(fd: number): boolean {
  const head = Buffer.alloc(MAGIC_BYTES);
  const read = readSync(fd, head, 0, MAGIC_BYTES, 0);
  return compressionOf(head.subarray(0, read)) !== 'none';
}

function spooled(fd: number, limits: Limits): number {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- needs all decoders, and most images lie in files
  const { spool } = require('./spool') as typeof spoolFile;
  return spool(fd, limits);
}
