import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeAtomically } from './atomic-file';

/**
 * A folder of JSON values under content-derived names. It is a cache: an entry that is damaged, or that cannot be read or written, is an
 * entry that is not there. Writers may run side by side, for each entry takes its place whole.
 */
export class EntryStore<T> {
  public constructor(private readonly directory: string) {}

  public get(name: string): T | undefined {
    try {
      return unseal<T>(readFileSync(this.pathOf(name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  public set(name: string, value: T): void {
    const path = this.pathOf(name);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeAtomically(path, seal(value));
    } catch {
      // A read-only home or a full disk: the next run scans again.
    }
  }

  /** Spread over 256 folders, for some file systems are slow with many files in one. */
  private pathOf(name: string): string {
    if (!/^[\w-]{3,200}$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot name a cache entry`);
    return join(this.directory, name.slice(0, 2), `${name}.json`);
  }
}

/** The first line is the hash of the rest, so that a flipped bit makes an entry unreadable and not wrong. */
function seal(value: unknown): string {
  const text = JSON.stringify(value);
  return `${hashOf(text)}\n${text}`;
}

function unseal<T>(sealed: string): T | undefined {
  const end = sealed.indexOf('\n');
  const text = sealed.slice(end + 1);
  return sealed.slice(0, Math.max(end, 0)) === hashOf(text) ? (JSON.parse(text) as T) : undefined;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
