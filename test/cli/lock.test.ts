import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LockFile } from '../../lib/evidence/lock-file';
import { image, layer, type BuiltImage } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import {
  registryIsInstalled,
  skipReason,
  startRegistry,
  type RunningRegistry,
} from '../layers/sources/registry/debian-registry';
import { Pusher } from '../layers/sources/registry/push';
import { writeAssembly } from './cloud-assembly';
import { runCommand } from './run-command';

const built = (body: Uint8Array) => image([layer([{ name: 'app', body }], gzipSync)]);

(registryIsInstalled ? describe : describe.skip)(`cdk-distroless lock${skipReason}`, () => {
  let registry: RunningRegistry;
  let directory: string;

  beforeAll(async () => (registry = await startRegistry()));
  afterAll(() => registry.stop());
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'lock-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  async function push(repository: string, { layers, config }: BuiltImage): Promise<string> {
    const pusher = new Pusher({ host: registry.host, repository, tag: '1' });
    const configuration = JSON.parse(config.toString()) as object;
    return (
      await pusher.image(
        layers.map(({ stored }) => stored),
        configuration,
      )
    ).digest;
  }

  function run(...argv: string[]) {
    const environment = { HOME: directory, CDK_DISTROLESS_CACHE: join(directory, 'cache') };
    return runCommand(['lock', ...argv], { directory, environment });
  }

  const lockPath = () => join(directory, 'distroless.lock.json');

  test('pins a reference and keeps what is in the image', async () => {
    const digest = await push('one', built(APP));
    const reference = `${registry.host}/one:1`;
    const { exitCode, stdout } = await run(reference);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `locked     ${reference}@${digest}\n` });
    const locked = LockFile.load(lockPath());
    expect(locked.tryFind(reference)?.digest).toBe(digest);
    expect(locked.tryFindFacts(reference, 'linux/amd64')).toMatchObject({ user: '65532', tools: [], digest });
  });

  test('brings what is locked up to date, and tells a pipeline that it is not', async () => {
    await push('two', built(APP));
    await run(`${registry.host}/two:1`);
    expect((await run('--check')).exitCode).toBe(0);
    const digest = await push('two', built(SHELL));
    const before = readFileSync(lockPath(), 'utf8');
    expect(await run('--check')).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^moved /) });
    expect(readFileSync(lockPath(), 'utf8')).toBe(before);
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`moved      ${registry.host}/two:1@${digest}  has a shell or a package manager\n`);
    expect((await run('--check')).exitCode).toBe(0);
  });

  test('takes the bases of Dockerfiles and what a cloud assembly runs', async () => {
    await push('base', built(APP));
    await push('sidecar', built(APP));
    const dockerfile = `FROM golang:1.26 AS build\nFROM ${registry.host}/base:1\nCOPY --from=build /app /app\n`;
    writeFileSync(join(directory, 'Dockerfile'), dockerfile);
    await run('Dockerfile');
    expect(LockFile.load(lockPath()).references).toEqual([`${registry.host}/base:1`]);
    writeAssembly(join(directory, 'cdk.out'), dockerfile, `${registry.host}/sidecar:1`);
    await run('cdk.out');
    expect(LockFile.load(lockPath()).references).toEqual([`${registry.host}/base:1`, `${registry.host}/sidecar:1`]);
  });

  test('writes nothing when one of the references is not there', async () => {
    await push('three', built(APP));
    const { exitCode, stderr } = await run(`${registry.host}/three:1`, `${registry.host}/none:1`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`has no ${registry.host}/none:1`);
    expect(existsSync(lockPath())).toBe(false);
  });

  test.each([
    [[], 'there is nothing to lock'],
    [['Not An Image'], 'is not an image reference'],
    [['none/Dockerfile'], 'there is no file or directory none/Dockerfile'],
  ])('fails on %j', async (argv, message) => {
    expect(await run(...argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});
