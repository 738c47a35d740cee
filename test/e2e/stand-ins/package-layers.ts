import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapLimited, output, text } from './commands';
import type { DebianPackage } from './debian-packages';
import * as tar from './tar-writer';

/**
 * The layer that distroless' build makes of a package: its files, and its place in the package database, which is a
 * folder here because no layer may change another's file.
 */
export async function packageLayer({ name, path }: DebianPackage): Promise<Buffer> {
  const files = tar.opened(await output('dpkg-deb', ['--fsys-tarfile', path]));
  const control = await output('dpkg-deb', ['--field', path]);
  return tar.archive(
    files,
    tar.directory('var/lib/dpkg/status.d'),
    tar.file(`var/lib/dpkg/status.d/${name}`, control),
    tar.file(`var/lib/dpkg/status.d/${name}.md5sums`, await controlFile(path, 'md5sums')),
  );
}

/** dpkg's database, as it is after the packages were installed. */
export async function packageDatabase(packages: readonly DebianPackage[]): Promise<string> {
  const controls = await mapLimited(packages, 2, ({ path }) => text('dpkg-deb', ['--field', path]));
  return controls.map((control) => control.replace(/^Package: .*$/m, '$&\nStatus: install ok installed')).join('\n');
}

async function controlFile(deb: string, name: string): Promise<Buffer> {
  return inFolder(async (folder) => {
    await output('dpkg-deb', ['--control', deb, folder]);
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  });
}

/** Lends an empty folder. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'distroless-e2e-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lends a folder with the packages' files unpacked in it. */
export async function unpacked<T>(packages: readonly DebianPackage[], use: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    await mapLimited(packages, 2, ({ path }) => output('dpkg-deb', ['--extract', path, folder]));
    return use(folder);
  });
}
