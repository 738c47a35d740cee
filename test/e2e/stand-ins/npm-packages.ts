import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, sha256 } from './cache-folder';
import { output, text } from './commands';
import { inFolder } from './package-layers';

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/** How long a resolved range is believed: as long as a day's images are. */
const RESOLUTION_KEPT_MS = 12 * 60 * 60 * 1000;

/** The newest version in a range, through the machine's npm client. */
export async function npmPackage(name: string, range: string): Promise<NpmPackage> {
  const remembered = join(cacheFolder('npm'), `${sha256(`${name}@${range}`)}.json`);
  if (existsSync(remembered)) {
    const { at, ...known } = JSON.parse(readFileSync(remembered, 'utf8')) as NpmPackage & { at: number };
    const isCurrent = isExact(range) || Date.now() - at < RESOLUTION_KEPT_MS;
    if (isCurrent && existsSync(known.path)) return known;
  }
  const found = await download(name, range);
  writeFileSync(remembered, JSON.stringify({ ...found, at: Date.now() }));
  return found;
}

/** What a registry has under a version it has for ever. */
function isExact(range: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(range);
}

async function download(name: string, range: string): Promise<NpmPackage> {
  return inFolder(async (folder) => {
    const printed = await text('npm', ['pack', '--silent', '--json', `${name}@${range}`], { cwd: folder });
    const [{ version, filename }] = JSON.parse(printed) as Array<{ version: string; filename: string }>;
    const path = join(cacheFolder('npm'), filename);
    await output('cp', [join(folder, filename), `${path}.partial`]);
    renameSync(`${path}.partial`, path);
    return { name, version, path };
  });
}

/** One file out of a package. */
export async function fileOf(npm: NpmPackage, file: string): Promise<Buffer> {
  return output('tar', ['-xzOf', npm.path, `package/${file}`]);
}
