import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ImageInspector, type InspectionTarget } from '../../lib/evidence/image-inspector';
import { inspectInChild } from '../../lib/evidence/inspect-in-child';
import { dockerArchive, found, image, layer } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import {
  registryIsInstalled,
  skipReason,
  startRegistry,
  type RunningRegistry,
} from '../layers/sources/registry/debian-registry';
import { FailingProxy } from '../layers/sources/registry/failing-proxy';
import { Pusher } from '../layers/sources/registry/push';

const BASE = layer([{ name: 'etc/passwd', body: 'root' }], gzipSync);
const CLEAN = image([BASE, layer([{ name: 'app', body: APP }], gzipSync)]);
const SHELLED = image([BASE, layer([{ name: 'opt/tool', body: SHELL }], gzipSync)], { architecture: 'arm64' });

let home: string;

beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'inspector-'))));
afterEach(() => rmSync(home, { recursive: true }));

/** A stand-in for docker that saves one image. */
function environment(script = 'exit 9'): Record<string, string> {
  const docker = join(home, 'docker');
  writeFileSync(docker, `#!/bin/sh\n${script}\n`);
  chmodSync(docker, 0o755);
  const cache = join(home, 'cache');
  return { HOME: home, PATH: process.env.PATH ?? '', CDK_DOCKER: docker, CDK_DISTROLESS_CACHE: cache };
}

async function inspect(target: InspectionTarget, env = environment()) {
  const inspector = new ImageInspector({ environment: env });
  try {
    return await inspector.inspect(target);
  } finally {
    inspector.close();
  }
}

function writeArchive(): string {
  const path = join(home, 'app.tar');
  writeFileSync(path, dockerArchive(CLEAN, SHELLED));
  return path;
}

describe('ImageInspector on archives', () => {
  test('inspects every image, or those for the platforms that are asked for', async () => {
    const path = writeArchive();
    const all = await inspect({ kind: 'archive', path });
    expect(all.facts.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    const one = await inspect({ kind: 'archive', path, platforms: ['linux/aarch64'] });
    expect(one.facts.map(found)).toEqual([['shell bash /opt/tool']]);
  });

  test('fails when there is no image for the platform', async () => {
    await expect(inspect({ kind: 'archive', path: writeArchive(), platforms: ['linux/s390x'] })).rejects.toThrow(
      'there is no image for linux/s390x in it, but for linux/amd64, linux/arm64',
    );
  });
});

describe('ImageInspector on a daemon', () => {
  test('inspects what docker saves', async () => {
    const archive = writeArchive();
    const env = environment(`[ "$1 $2" = "save app:1" ] && exec cat ${archive}`);
    const { facts } = await inspect({ kind: 'daemon', reference: 'app:1' }, env);
    expect(facts.map(found)).toEqual([[], ['shell bash /opt/tool']]);
  });

  test('fails when the daemon does not have the image', async () => {
    const env = environment('echo "Error response from daemon: reference does not exist" >&2; exit 1');
    await expect(inspect({ kind: 'daemon', reference: 'app:1' }, env)).rejects.toMatchObject({ code: 'missing' });
  });

  test('fails when the daemon cannot be asked, with what it says', async () => {
    const env = environment('echo "Cannot connect to the Docker daemon" >&2; exit 1');
    await expect(inspect({ kind: 'daemon', reference: 'app:1' }, env)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('save failed: Cannot connect to the Docker daemon'),
    });
  });

  test('fails when docker is not there, with what to do', async () => {
    const env = { ...environment(), CDK_DOCKER: join(home, 'nowhere') };
    await expect(inspect({ kind: 'daemon', reference: 'app:1' }, env)).rejects.toThrow('set CDK_DOCKER');
  });

  test('fails when docker stops in the middle', async () => {
    const env = environment(`head -c 3000 ${writeArchive()}`);
    await expect(inspect({ kind: 'daemon', reference: 'app:1' }, env)).rejects.toMatchObject({
      name: 'InspectionError',
    });
  });

  test.each(['--output=/etc/passwd', '-o', 'a b', ''])('does not take %j for a reference', async (reference) => {
    await expect(inspect({ kind: 'daemon', reference }, environment('exit 0'))).rejects.toThrow('names no image');
  });
});

(registryIsInstalled ? describe : describe.skip)(`ImageInspector on a registry${skipReason}`, () => {
  let registry: RunningRegistry;
  let proxy: FailingProxy;
  let index: string;

  beforeAll(async () => {
    registry = await startRegistry();
    const pusher = new Pusher({ host: registry.host, repository: 'mirrored/app', tag: '1' });
    const push = (built: typeof CLEAN, tag: string) =>
      pusher.image(
        built.layers.map(({ stored }) => stored),
        JSON.parse(built.config.toString()) as object,
        tag,
      );
    const [clean, shelled] = [await push(CLEAN, 'clean'), await push(SHELLED, 'shelled')];
    index = await pusher.index([
      { digest: clean.digest, platform: { os: 'linux', architecture: 'amd64' } },
      { digest: shelled.digest, platform: { os: 'linux', architecture: 'arm64' } },
    ]);
  });
  afterAll(() => registry.stop());

  beforeEach(async () => {
    proxy = new FailingProxy(registry.host);
    await proxy.start();
  });
  afterEach(() => proxy.stop());

  const blobRequests = () => proxy.requests.filter((request) => request.includes('/blobs/')).length;

  test('inspects every platform, under the name that was asked for', async () => {
    const reference = `${proxy.host}/mirrored/app:1`;
    const { digest, facts } = await inspect({ kind: 'registry', reference });
    expect(digest).toBe(index);
    expect(facts.map(({ subject, platform }) => `${subject} ${platform}`)).toEqual([
      `${reference} linux/amd64`,
      `${reference} linux/arm64`,
    ]);
    expect(facts.map(found)).toEqual([[], ['shell bash /opt/tool']]);
  });

  test('downloads no layer that was scanned before', async () => {
    const reference = `${proxy.host}/mirrored/app:clean`;
    const env = environment();
    const first = await inspect({ kind: 'registry', reference }, env);
    expect(blobRequests()).toBe(3);
    proxy.requests.length = 0;
    const second = await inspect({ kind: 'registry', reference }, env);
    expect(blobRequests()).toBe(1);
    expect(second).toEqual(first);
  });

  test('pulls from a declared mirror', async () => {
    const mirrors = { 'gcr.io/distroless': `${proxy.host}/mirrored` };
    const inspector = new ImageInspector({ environment: environment(), mirrors });
    const { facts } = await inspector.inspect({ kind: 'registry', reference: 'gcr.io/distroless/app:clean' });
    await expect(inspector.resolve('gcr.io/distroless/app:1')).resolves.toBe(index);
    inspector.close();
    expect(facts[0].subject).toBe('gcr.io/distroless/app:clean');
  });

  test('does for a synchronous caller all images in one process, each with its own outcome', () => {
    mkdirSync(join(home, 'empty'));
    const targets: InspectionTarget[] = [
      { kind: 'registry', reference: `${registry.host}/mirrored/app:1`, platforms: ['linux/arm64'] },
      { kind: 'registry', reference: `${registry.host}/mirrored/app:none` },
      { kind: 'archive', path: join(home, 'empty') },
      { kind: 'archive', path: writeArchive() },
    ];
    const outcomes = inspectInChild({ targets }, environment());
    expect(outcomes).toMatchObject([
      { digest: index, facts: [{ platform: 'linux/arm64', tools: [{ kind: 'bash' }] }] },
      { error: expect.stringContaining('has no') },
      { error: expect.stringContaining('neither manifest.json nor index.json is in it') },
      { facts: [{ tools: [] }, { tools: [{ kind: 'bash' }] }] },
    ]);
  });
});

describe('inspectInChild', () => {
  test('starts no process for nothing', () => {
    expect(inspectInChild({ targets: [] }, {})).toEqual([]);
  });

  test('fails when the process fails', () => {
    const targets = [{ kind: 'nothing' }] as unknown as InspectionTarget[];
    expect(() => inspectInChild({ targets }, environment())).toThrow('inspecting images failed with exit code 1');
  });
});
