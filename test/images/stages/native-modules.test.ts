import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freshDirectory } from '../source-directory';

const SCRIPT = resolve(__dirname, '../../../lib/images/stages/native-modules.sh');
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';

/** What the dynamic linker finds for Node itself, which serves as the native module here. */
function needed(): string[] {
  const listed = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  return [...listed.matchAll(/^\s*(\S+) => /gm)].map(([, name]) => name);
}

function check(base: string, folder: string) {
  return spawnSync('sh', [SCRIPT, base, folder, LIBRARIES], { encoding: 'utf8' });
}

const canRun = process.platform === 'linux' && existsSync('/usr/bin/ldd');
const describeOnLinux = canRun ? describe : describe.skip;

describeOnLinux(`a folder with a native module${canRun ? '' : ' (skipped: needs ldd)'}`, () => {
  const folder = freshDirectory();
  mkdirSync(join(folder, 'package'));

  beforeAll(() => copyFileSync(process.execPath, join(folder, 'package', 'module.so')));

  function baseWith(libraries: readonly string[]): string {
    const base = freshDirectory();
    mkdirSync(join(base, LIBRARIES), { recursive: true });
    for (const name of libraries) writeFileSync(join(base, LIBRARIES, name), '');
    return base;
  }

  test('passes when the base has all libraries that it needs', () => {
    expect(check(baseWith(needed()), folder)).toMatchObject({ status: 0, stderr: '' });
  });

  test('fails when the base lacks one, and names it', () => {
    const [lacking, ...others] = needed();
    const { status, stderr } = check(baseWith(others), folder);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `package/module.so needs ${lacking}\n` +
        'the base does not have these libraries: name them in sharedLibraries, and the packages that they are in in builderPackages\n',
    );
  });

  test('passes when there are none at all', () => {
    expect(check(baseWith([]), freshDirectory())).toMatchObject({ status: 0, stderr: '' });
  });
});
