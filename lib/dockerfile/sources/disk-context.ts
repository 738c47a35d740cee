import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { BuildContext, ContextEntry } from '../analysis';

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a directory as a build context. Links in it are shown, never followed, so that nothing outside of it is read.
 *
 * @throws Error when it is not a directory
 */
export function openDiskContext(directory: string): BuildContext {
  if (!lstatOrUndefined(`${directory}/.`)?.isDirectory()) throw new Error(`${directory} is not a directory`);
  return new DiskContext(directory);
}

class DiskContext implements BuildContext {
  /** Whether a directory is one, and all that it lies in. */
  private readonly directories = new Map<string, boolean>([['', true]]);

  public constructor(public readonly description: string) {}

  public list(directory: string): readonly string[] | undefined {
    return this.isDirectory(directory) ? readdirSync(this.absolute(directory)).sort() : undefined;
  }

  public stat(path: string): ContextEntry | undefined {
    const stats = this.lstat(path);
    if (stats === undefined) return undefined;
    const target = stats.isSymbolicLink() ? readlinkSync(this.absolute(path)) : undefined;
    return { type: typeOf(stats), mode: stats.mode, sizeBytes: stats.size, target };
  }

  public read(path: string, take: (chunk: Uint8Array) => boolean): void {
    if (!this.isDirectory(parentOf(path))) throw new Error(`${path} is not in ${this.description}`);
    const file = openSync(this.absolute(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
        if (!take(chunk.subarray(0, length))) return;
      }
    } finally {
      closeSync(file);
    }
  }

  private lstat(path: string): Stats | undefined {
    return this.isDirectory(parentOf(path)) ? lstatOrUndefined(this.absolute(path)) : undefined;
  }

  private isDirectory(path: string): boolean {
    const known = this.directories.get(path);
    if (known !== undefined) return known;
    const is = this.lstat(path)?.isDirectory() ?? false;
    this.directories.set(path, is);
    return is;
  }

  private absolute(path: string): string {
    return join(this.description, path);
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function lstatOrUndefined(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function typeOf(stats: Stats): ContextEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}
