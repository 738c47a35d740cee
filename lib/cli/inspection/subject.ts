import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compressionOf } from '../../layers/decode/compression';
import { UsageError } from '../usage-error';

/** What an operand names. */
export type Subject =
  | { readonly kind: 'dockerfile'; readonly given: string; readonly path: string; readonly description: string }
  | { readonly kind: 'archive'; readonly given: string; readonly path: string; readonly description: string }
  | { readonly kind: 'stream'; readonly given: string; readonly description: string }
  | { readonly kind: 'reference'; readonly given: string; readonly description: string };

/** What is looked at of a file to tell an archive from a Dockerfile: one header of a tar archive. */
const HEAD_BYTES = 512;

/**
 * Tells what an operand names. What is on disk comes before what could be a reference, as `./app` does before `docker.io/library/app`.
 */
export function subjectOf(operand: string, directory: string): Subject {
  if (operand === '-') return { kind: 'stream', given: 'standard input', description: 'an archive' };
  const path = resolve(directory, operand);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return missing(operand);
  if (stats.isDirectory()) return inDirectory(operand, path);
  return isArchive(path)
    ? { kind: 'archive', given: operand, path, description: 'an archive' }
    : { kind: 'dockerfile', given: operand, path, description: 'a Dockerfile' };
}

/** What looks like a path is not sent to a registry. */
function missing(operand: string): Subject {
  const isPath =
    /^(\.{0,2}\/|~)/.test(operand) ||
    /\.(tar|tgz|tar\.(gz|zst))$|(^|\/)(Dockerfile|[\w.-]+\.Dockerfile)$/.test(operand);
  if (isPath) throw new UsageError(`there is no file or directory ${operand}`);
  return { kind: 'reference', given: operand, description: 'an image' };
}

function inDirectory(given: string, path: string): Subject {
  if (['oci-layout', 'index.json', 'manifest.json'].some((name) => existsSync(join(path, name)))) {
    return { kind: 'archive', given, path, description: 'an OCI layout' };
  }
  const dockerfile = ['Dockerfile', 'dockerfile'].find((name) => existsSync(join(path, name)));
  if (dockerfile === undefined)
    throw new UsageError(`${given} is neither an OCI layout nor a directory with a Dockerfile`);
  return {
    kind: 'dockerfile',
    given: join(given, dockerfile),
    path: join(path, dockerfile),
    description: 'a Dockerfile',
  };
}

/** A tar archive says so in its first header, except for the oldest, whose first member has a name that Dockerfiles do not start with. */
function isArchive(path: string): boolean {
  if (/^Dockerfile(\..*)?$|\.Dockerfile$/i.test(basename(path))) return false;
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  const length = readSync(file, head, 0, HEAD_BYTES, 0);
  closeSync(file);
  const bytes = head.subarray(0, length);
  return compressionOf(bytes) !== 'none' || bytes.includes(0) || /\.(tar|oci)$/.test(path);
}
