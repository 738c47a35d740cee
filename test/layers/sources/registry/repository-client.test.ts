import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialStore } from '../../../../lib/layers/sources/registry/credentials';
import { RepositoryClient } from '../../../../lib/layers/sources/registry/repository-client';
import { Transport } from '../../../../lib/layers/sources/registry/transport';
import { registryIsInstalled, skipReason, startRegistry, type RunningRegistry } from './debian-registry';
import { FailingProxy, type Fate, type Misfortune } from './failing-proxy';
import { Pusher, sha256, type PushedImage } from './push';

const LAYER = Buffer.alloc(500_000, 'layer');

(registryIsInstalled ? describe : describe.skip)(`RepositoryClient against a registry${skipReason}`, () => {
  let registry: RunningRegistry;
  let proxy: FailingProxy;
  let image: PushedImage;
  let transport: Transport;
  let directory: string;

  beforeAll(async () => {
    registry = await startRegistry();
    image = await new Pusher({ host: registry.host, repository: 'team/app', tag: '1.0' }).image([LAYER]);
  });
  afterAll(() => registry.stop());

  beforeEach(async () => {
    proxy = new FailingProxy(registry.host);
    await proxy.start();
    transport = new Transport({ environment: {}, idleTimeoutMs: 300 });
    directory = mkdtempSync(join(tmpdir(), 'client-'));
  });
  afterEach(() => {
    transport.close();
    proxy.stop();
    rmSync(directory, { recursive: true });
  });

  function client(image: { repository?: string; tag?: string; digest?: string } = { tag: '1.0' }): RepositoryClient {
    const environment = { HOME: directory };
    const schedule = { attempts: 4, firstDelayMs: 1, longestDelayMs: 100, sleep: () => Promise.resolve() };
    return new RepositoryClient(
      { registry: proxy.host, repository: 'team/app', ...image },
      { transport, credentials: new CredentialStore(environment), schedule },
    );
  }

  /** Lets the next requests to a path fail, one after the other. */
  function fail(path: string, ...misfortunes: Misfortune[]): Fate {
    return (request) => (request.url?.includes(path) ? misfortunes.shift() : undefined);
  }

  /** The digest of the layer as it arrived. */
  async function download(): Promise<string> {
    const layer = { mediaType: '', digest: image.layers[0], sizeBytes: LAYER.length };
    const path = join(directory, 'layer');
    await client().download(layer, { path });
    return sha256(readFileSync(path));
  }

  test('resolves a tag by HEAD alone', async () => {
    await expect(client().resolve()).resolves.toBe(image.digest);
    expect(proxy.requests).toEqual(['HEAD /v2/team/app/manifests/1.0']);
  });

  test('reads the manifest where a registry tells no digest', async () => {
    proxy.fate = (request) => (request.method === 'HEAD' ? { kind: 'answer', status: 200 } : undefined);
    await expect(client().resolve()).resolves.toBe(image.digest);
  });

  test('reads a manifest by tag and by digest', async () => {
    const byTag = await client().manifest();
    const byDigest = await client({ digest: image.digest }).manifest();
    expect(byTag).toEqual(byDigest);
    expect(byTag.digest).toBe(image.digest);
    expect(byTag.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
  });

  test('downloads a layer', async () => {
    await expect(download()).resolves.toBe(image.layers[0]);
  });

  test('goes on where cut connections left off', async () => {
    const cut = (afterBytes: number): Misfortune => ({ kind: 'cut', afterBytes });
    proxy.fate = fail('/blobs/', cut(100_000), cut(100_000), cut(65_536), cut(1), cut(1), cut(1));
    await expect(download()).resolves.toBe(image.layers[0]);
    expect(proxy.ranges[0]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(proxy.ranges).toHaveLength(6);
  });

  test('starts over where a server ignores ranges', async () => {
    proxy.fate = fail('/blobs/', { kind: 'cut', afterBytes: 100_000 }, { kind: 'ignore-range' });
    await expect(download()).resolves.toBe(image.layers[0]);
  });

  test('outlasts 429, 500 and 503', async () => {
    const statuses = [429, 500, 503].map((status): Misfortune => ({ kind: 'answer', status }));
    proxy.fate = fail('/manifests/', ...statuses);
    await expect(client().manifest()).resolves.toMatchObject({ digest: image.digest });
  });

  test('outlasts a connection that fell silent and one that was cut within a manifest', async () => {
    proxy.fate = fail('/manifests/', { kind: 'silence' }, { kind: 'cut', afterBytes: 10 });
    await expect(client().manifest()).resolves.toMatchObject({ digest: image.digest });
  });

  test('fails on a rate limit that does not pass, and says what would help', async () => {
    const headers = { 'retry-after': '7200', 'ratelimit-limit': '100;w=21600' };
    proxy.fate = () => ({ kind: 'answer', status: 429, headers });
    await expect(client().manifest()).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringMatching(/limit is 100 pulls.*login often raises.*left alone for 7200 s/),
    });
    expect(proxy.requests).toHaveLength(1);
  });

  test('fails on a server that does not recover', async () => {
    proxy.fate = () => ({ kind: 'answer', status: 502 });
    await expect(client().manifest()).rejects.toThrow(/answered 502 \(4 attempts\)/);
  });

  test('fails on a layer with other bytes than its digest says, and leaves no file', async () => {
    proxy.fate = fail('/blobs/', { kind: 'corrupt' });
    await expect(download()).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(existsSync(join(directory, 'layer'))).toBe(false);
  });

  test('fails on a manifest with other bytes than its digest says', async () => {
    proxy.fate = fail('/manifests/', { kind: 'corrupt' });
    await expect(client({ digest: image.digest }).manifest()).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('fails on a manifest that answers to a tag with other bytes than the registry says', async () => {
    proxy.fate = fail('/manifests/', { kind: 'corrupt' });
    await expect(client().manifest()).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('fails on a layer that is longer than the manifest says', async () => {
    const layer = { mediaType: '', digest: image.layers[0], sizeBytes: 1000 };
    await expect(client().download(layer, { path: join(directory, 'layer') })).rejects.toThrow('longer than');
  });

  test('fails on JSON without an end', async () => {
    proxy.fate = () => ({ kind: 'answer', status: 200, body: ' '.repeat(5 * 1024 * 1024) });
    await expect(client().manifest()).rejects.toMatchObject({ code: 'too-large' });
  });

  test('fails on a tag that is not there, with what the registry says', async () => {
    await expect(client({ tag: 'none' }).manifest()).rejects.toMatchObject({
      code: 'not-found',
      message: `${proxy.host} has no ${proxy.host}/team/app:none: manifest unknown`,
    });
  });

  test.each(['../../etc', 'team//app', 'Team/app', 'team/app?x'])('refuses the repository %s', (repository) => {
    expect(() => client({ repository })).toThrow('is not a repository name');
  });

  test('refuses a tag that leaves its path', () => {
    expect(() => client({ tag: '../blobs/x' }).manifest()).toThrow('is not a tag');
  });

  test('reads a small blob and verifies it', async () => {
    const descriptor = { mediaType: '', digest: image.layers[0], sizeBytes: LAYER.length };
    expect(sha256(await client().blob(descriptor, 1_000_000))).toBe(image.layers[0]);
    await expect(client().blob(descriptor, 1000)).rejects.toMatchObject({ code: 'too-large' });
    proxy.fate = fail('/blobs/', { kind: 'corrupt' });
    await expect(client().blob(descriptor, 1_000_000)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });
});
