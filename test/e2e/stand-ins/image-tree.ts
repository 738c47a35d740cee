import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { output } from './commands';
import { DETERMINISTIC } from './tar-writer';

/** Nobody reads manuals in a builder. */
const LEFT_OUT = ['doc', 'info', 'lintian', 'locale', 'man'].map((name) => `--exclude=./usr/share/${name}/*`);

/** The files of an image on their way to become one layer. Paths are relative to the image's root. */
export class ImageTree {
  public constructor(private readonly root: string) {}

  public path(name: string): string {
    return join(this.root, name);
  }

  public write(name: string, content: string | Buffer, mode = 0o644): void {
    writeFileSync(this.make(name), content, { mode });
  }

  public link(name: string, target: string): void {
    symlinkSync(target, this.make(name));
  }

  public move(from: string, to: string): void {
    renameSync(this.path(from), this.make(to));
  }

  /** Replaces what must be there: a file that has become another fails the harness instead of a build later. */
  public edit(name: string, pattern: RegExp, replacement: string): void {
    const before = readFileSync(this.path(name), 'utf8');
    if (!pattern.test(before)) throw new Error(`${name} has nothing that looks like ${pattern}`);
    writeFileSync(this.path(name), before.replace(pattern, replacement));
  }

  /** Unpacks a tarball, or some members of it, into a folder, without the folder that the tarball has around everything. */
  public async unpack(tarball: string, folder: string, ...members: string[]): Promise<void> {
    mkdirSync(this.path(folder), { recursive: true });
    const owner = ['--no-same-owner', '--no-same-permissions'];
    await output('tar', ['-xzf', tarball, '--strip-components=1', ...owner, '-C', this.path(folder), ...members]);
  }

  /** The files as a tar archive; the stream fails when tar does. */
  public pack(): Readable {
    // A temporary folder is its owner's alone, the root of an image is not.
    chmodSync(this.root, 0o755);
    const packed = new PassThrough();
    const args = [...DETERMINISTIC, ...LEFT_OUT, '-C', this.root, '-cf', '-', '.'];
    const tar = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    tar.stdout.pipe(packed, { end: false });
    tar.on('error', (error) => packed.destroy(error));
    tar.on('close', (code) => (code === 0 ? packed.end() : packed.destroy(new Error(`tar ended with ${code}`))));
    return packed;
  }

  private make(name: string): string {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    return this.path(name);
  }
}
