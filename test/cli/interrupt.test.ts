import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeDocker } from '../evidence/fake-docker';
import { writeAssetAssembly } from './asset-assembly';

const ROOT = join(__dirname, '../..');

jest.setTimeout(300_000);

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'interrupt-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function startVerify(docker: FakeDocker, temporary: string) {
  const environment = {
    ...process.env,
    TS_NODE_PROJECT: join(ROOT, 'tsconfig.json'),
    CDK_DOCKER: docker.path,
    CDK_DISTROLESS_CACHE: join(folder, 'cache'),
    TMPDIR: temporary,
  };
  const args = ['--require', require.resolve('ts-node/register/transpile-only'), 'lib/cli/cdk-distroless.ts'];
  const child = spawn(process.execPath, [...args, 'verify', join(folder, 'cdk.out')], { cwd: ROOT, env: environment });
  return { child, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
}

/** Whether a process is at work; what nobody has waited for yet is not. */
function isAtWork(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  return !/^(Z.*)?$/.test(stdout.trim());
}

describe('cdk-distroless verify, interrupted', () => {
  test.each(['build', 'save'])('in the middle of docker %s leaves nothing behind', async (verb) => {
    const docker = new FakeDocker(join(folder, 'docker'));
    docker.hangOn(verb);
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    writeAssetAssembly(join(folder, 'cdk.out'), { Web: { files: { Dockerfile: 'FROM scratch\n', 'image.tar': 'x' } } });
    const { child, ended } = startVerify(docker, temporary);
    while (!existsSync(docker.hanging)) await sleep(50);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(readdirSync(temporary).filter((name) => name.startsWith('cdk-distroless'))).toEqual([]);
    expect(existsSync(join(folder, 'cache'))).toBe(false);
    const pid = readFileSync(docker.hanging, 'utf8').trim();
    for (let waits = 0; isAtWork(pid) && waits < 100; waits++) await sleep(100);
    expect(isAtWork(pid)).toBe(false);
  });
});
