import { offeredPlatforms, platformManifests } from '../../../../lib/layers/sources/registry/manifest-tree';
import type { StoredManifest } from '../../../../lib/layers/sources/registry/repository-client';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

function stored(json: Record<string, unknown>, mediaType: string, letter = 'a'): StoredManifest {
  return { mediaType, digest: digest(letter), sizeBytes: 1, json };
}

function image(letter = 'b'): StoredManifest {
  const config = { mediaType: 'x', digest: digest('c'), size: 1 };
  return stored({ config, layers: [{ mediaType: 'x', digest: digest('d'), size: 2 }] }, MANIFEST, letter);
}

function read(root: StoredManifest, fetched: StoredManifest = image()) {
  return platformManifests(
    root,
    () => Promise.resolve(fetched),
    () => true,
  );
}

describe('platformManifests', () => {
  test('finds the image of a plain manifest, whose platform only its configuration tells', async () => {
    await expect(read(image())).resolves.toMatchObject([{ digest: digest('b'), platform: undefined }]);
  });

  test('tells index and manifest apart by what they hold where the media type says nothing', async () => {
    const entry = { digest: digest('b'), size: 1, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } };
    await expect(read(stored({ manifests: [entry] }, 'text/plain'))).resolves.toMatchObject([
      { platform: 'linux/arm/v7' },
    ]);
    await expect(read({ ...image(), mediaType: '' })).resolves.toHaveLength(1);
  });

  test('looks at an entry that has no platform', async () => {
    await expect(read(stored({ manifests: [{ digest: digest('b'), size: 1 }] }, INDEX))).resolves.toHaveLength(1);
  });

  test('lists the platforms of an index without what only describes others', () => {
    const entries = ['amd64', 'arm64'].map((architecture) => ({
      digest: digest('b'),
      size: 1,
      platform: { os: 'linux', architecture },
    }));
    const attestation = { digest: digest('e'), size: 1, platform: { os: 'unknown', architecture: 'unknown' } };
    const index = stored({ manifests: [...entries, attestation] }, INDEX);
    expect(offeredPlatforms(index)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(offeredPlatforms(image())).toEqual([]);
  });

  test.each<[string, StoredManifest, string]>([
    ['can be read two ways', stored({ manifests: [], layers: [] }, INDEX), 'as an index and as a manifest'],
    ['is of schema 1', stored({ schemaVersion: 1, fsLayers: [] }, 'application/json'), 'schema 1'],
    ['is something else', stored({ hello: 1 }, 'text/html'), 'is a text/html, not an image'],
    ['has no layers', stored({ config: {} }, MANIFEST), 'no list of layers'],
    ['has too many', stored({ layers: Array.from({ length: 513 }), config: {} }, MANIFEST), 'names over 512 layers'],
    [
      'has a bad digest',
      stored({ layers: [{ digest: 'md5:1', size: 1 }], config: {} }, MANIFEST),
      'has the digest undefined',
    ],
    ['has a bad entry', stored({ manifests: [{ digest: 'sha256:../..', size: 1 }] }, INDEX), 'which is none'],
    ['has a negative size', stored({ manifests: [{ digest: digest('b'), size: -1 }] }, INDEX), 'has the size -1'],
  ])('fails on a manifest that %s', async (_, root, message) => {
    await expect(read(root)).rejects.toThrow(message);
  });

  test('fails on indexes that nest without an end', async () => {
    const index = stored({ manifests: [{ digest: digest('b'), size: 1 }] }, INDEX);
    await expect(read(index, index)).rejects.toThrow('nested too deep');
  });

  test('fails on an index that names no end of images', async () => {
    const manifests = Array.from({ length: 1000 }, () => ({ digest: digest('b'), size: 1 }));
    await expect(read(stored({ manifests }, INDEX))).rejects.toThrow('over 200 images');
  });
});
