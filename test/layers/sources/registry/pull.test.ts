import { createHash } from 'node:crypto';
import type { LayerBlob } from '../../../../lib/layers/image-source';
import { CredentialStore } from '../../../../lib/layers/sources/registry/credentials';
import { pullImage, type PullOptions, type PullProgress } from '../../../../lib/layers/sources/registry/pull';
import { DEFAULT_SCHEDULE } from '../../../../lib/layers/sources/registry/retry';
import { Transport } from '../../../../lib/layers/sources/registry/transport';
import { registryIsInstalled, skipReason, startRegistry, type RunningRegistry } from './debian-registry';
import { Pusher } from './push';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const SHARED = Buffer.alloc(300_000, 'shared');
const diffId = (letter: string) => `sha256:${letter.repeat(64)}`;

function configuration(architecture: string, diffIds: readonly string[]): object {
  return { os: 'linux', architecture, config: {}, rootfs: { type: 'layers', diff_ids: diffIds } };
}

/** Reads a layer through the interface that the scanner uses. */
function digestOf(layer: LayerBlob): string {
  const hash = createHash('sha256');
  layer.read({ push: (chunk) => hash.update(chunk), skippable: 0, skip: () => undefined });
  return `sha256:${hash.digest('hex')}`;
}

(registryIsInstalled ? describe : describe.skip)(`pullImage${skipReason}`, () => {
  let registry: RunningRegistry;
  let pusher: Pusher;
  let index: string;
  const transport = new Transport({ environment: {} });

  beforeAll(async () => {
    registry = await startRegistry();
    pusher = new Pusher({ host: registry.host, repository: 'app', tag: 'latest' });
    const amd64 = await pusher.image(
      [SHARED, Buffer.from('amd64')],
      configuration('amd64', [diffId('a'), diffId('b')]),
      'one',
    );
    const arm64 = await pusher.image(
      [SHARED, Buffer.from('arm64')],
      configuration('arm64', [diffId('a'), diffId('c')]),
    );
    const attestation = await pusher.image([Buffer.from('{}')], {});
    index = await pusher.index([
      { digest: amd64.digest, platform: { os: 'linux', architecture: 'amd64' } },
      { digest: arm64.digest, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      { digest: attestation.digest, platform: { os: 'unknown', architecture: 'unknown' } },
    ]);
  });
  afterAll(() => {
    transport.close();
    registry.stop();
  });

  function pull(tag: string, options?: PullOptions) {
    const credentials = new CredentialStore({ HOME: '/nonexistent' });
    const image = { registry: registry.host, repository: 'app', tag };
    return pullImage(image, { transport, credentials, schedule: DEFAULT_SCHEDULE }, options);
  }

  test('takes every platform of an index, but not its attestations', async () => {
    const image = await pull('latest');
    expect(image.digest).toBe(index);
    expect(image.subject).toBe(`${registry.host}/app:latest`);
    const architectures = image.images.map(({ config }) => JSON.parse(Buffer.from(config).toString()) as object);
    expect(architectures).toMatchObject([{ architecture: 'amd64' }, { architecture: 'arm64' }]);
    image.close();
  });

  test('refuses an image whose configurations are too large together', async () => {
    const entries: { digest: string; platform: object }[] = [];
    for (let i = 0; i < 9; i++) {
      const config = { ...configuration('amd64', [diffId('a')]), author: `${i}`.repeat(7_900_000) };
      const { digest } = await pusher.image([SHARED], config, 'huge');
      entries.push({ digest, platform: { os: 'linux', architecture: `amd64-${i}` } });
    }
    await pusher.index(entries, 'huge');
    await expect(pull('huge')).rejects.toThrow(/the configurations of the image have 711\d{5} bytes together/);
  });

  test('gives layers that can be read more than once, until it is closed', async () => {
    const image = await pull('one');
    const [layer] = image.images[0].layers;
    expect(digestOf(layer)).toBe(layer.digest);
    expect(digestOf(layer)).toBe(layer.digest);
    image.close();
    expect(() => digestOf(layer)).toThrow('ENOENT');
  });

  test('takes only the platforms that are wanted', async () => {
    const image = await pull('latest', { platform: (platform) => platform.startsWith('linux/arm64') });
    expect(image.images).toHaveLength(1);
    image.close();
    await expect(pull('latest', { platform: () => false })).rejects.toThrow('but for linux/amd64, linux/arm64/v8');
  });

  test('downloads only the layers that are needed, each once', async () => {
    const seen: PullProgress[] = [];
    const image = await pull('latest', { needsLayer: (id) => id === diffId('a'), onProgress: (at) => seen.push(at) });
    expect(seen.at(-1)).toEqual({ receivedBytes: SHARED.length, totalBytes: SHARED.length });
    expect(digestOf(image.images[1].layers[0])).toBe(image.images[0].layers[0].digest);
    expect(() => digestOf(image.images[0].layers[1])).toThrow('ENOENT');
    image.close();
  });

  test('looks into an entry that carries an annotation of attestations, since a runtime would run it', async () => {
    const { digest } = await pusher.image([Buffer.from('x')], configuration('amd64', [diffId('d')]), 'dressed-up');
    const manifests = [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: 500,
        platform: { os: 'linux', architecture: 'amd64' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ];
    await pusher.manifest({ schemaVersion: 2, mediaType: INDEX, manifests }, 'disguise');
    const image = await pull('disguise');
    expect(image.images).toHaveLength(1);
    image.close();
  });
});
