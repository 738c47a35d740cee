import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetEvidence } from '../../lib/evidence/asset-evidence';
import { cacheDirectory } from '../../lib/evidence/cache-directory';
import { EntryStore } from '../../lib/evidence/entry-store';
import { ScanCache } from '../../lib/evidence/scan-cache';
import type { DockerfileOrigin, ImageOrigin } from '../../lib/policy/image-use';
import type { LayerScan } from '../../lib/layers/scan/layer-scan';
import { inspectLayers } from '../layers/fixtures/image-builder';

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'evidence-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const HASH = 'ab'.repeat(32);
const DIFF_ID = `sha256:${HASH}`;
const SCAN: LayerScan = {
  recogniserVersion: 7,
  diffId: DIFF_ID,
  verified: true,
  digests: [],
  sizeBytes: 1,
  files: 1,
  hides: [],
  changes: [],
  contents: [],
};

function origin(assetId: string, more: Partial<DockerfileOrigin> = {}): DockerfileOrigin {
  return { kind: 'dockerfile', assetId, directory: '/x', dockerfile: 'Dockerfile', displayPath: 'x', ...more };
}

describe('AssetEvidence', () => {
  const facts = [inspectLayers([{ name: 'app', body: 'x' }])];

  test('gives back what was found in an asset, wherever it lies and whatever its name', () => {
    new AssetEvidence(directory).keep(origin(`web-${HASH}`), facts);
    expect(new AssetEvidence(directory).find(origin(HASH, { directory: '/y', displayPath: 'y' }))).toEqual(facts);
    expect(new AssetEvidence(directory).find(origin(HASH.replace('a', 'b')))).toBeUndefined();
  });

  test.each([
    { platform: 'linux/arm64' },
    { target: 'debug' },
    { dockerfile: 'Other' },
    { buildArgs: { BASE: 'debian' } },
    { buildContexts: { base: 'docker-image://debian' } },
  ])('knows nothing of the same hash with %j, which CDK may have left out of it', (more) => {
    new AssetEvidence(directory).keep(origin(HASH), facts);
    expect(new AssetEvidence(directory).find(origin(HASH, more))).toBeUndefined();
  });

  test('keeps what a command has made, under the hash of its asset', () => {
    const made: ImageOrigin = { kind: 'opaque', reason: 'made by build.sh', assetId: HASH };
    new AssetEvidence(directory).keep(made, facts);
    expect(new AssetEvidence(directory).find(made)).toEqual(facts);
    expect(new AssetEvidence(directory).find({ ...made, reason: 'made by other.sh' })).toBeUndefined();
  });

  test('knows nothing of what other recognisers found', () => {
    new AssetEvidence(directory).keep(origin(HASH), facts);
    const store = new EntryStore<object>(join(directory, 'assets'));
    const [file] = readdirSync(join(directory, 'assets', HASH.slice(0, 2)));
    const name = file.replace('.json', '');
    store.set(name, { ...store.get(name), recogniser: 0 });
    expect(new AssetEvidence(directory).find(origin(HASH))).toBeUndefined();
  });

  test.each([
    ...['../../x', '', 'short', `${HASH}/x`].map((id) => origin(id)),
    origin(HASH, { buildContexts: { shared: '../shared' } }),
    { kind: 'reference', reference: 'app:1' } as const,
  ])('keeps nothing of %j, of which no hash tells what it is', (unknown) => {
    new AssetEvidence(directory).keep(unknown, facts);
    expect(new AssetEvidence(directory).find(unknown)).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('ScanCache', () => {
  test('finds a scan by diff id and version of the recognisers', () => {
    new ScanCache(directory).keep(SCAN);
    expect(new ScanCache(directory).find(DIFF_ID, 7)).toEqual(SCAN);
    expect(new ScanCache(directory).find(DIFF_ID, 8)).toBeUndefined();
    expect(new ScanCache(directory).find(DIFF_ID.replace('a', 'b'), 7)).toBeUndefined();
  });

  test('does not keep what was not found to be that layer', () => {
    new ScanCache(directory).keep({ ...SCAN, verified: false });
    expect(new ScanCache(directory).find(DIFF_ID, 7)).toBeUndefined();
  });

  test('does not take an entry that was put in the place of another', () => {
    const store = new EntryStore<LayerScan>(join(directory, 'layers'));
    store.set(`${HASH}-v7`, { ...SCAN, diffId: DIFF_ID.replace('a', 'b') });
    expect(new ScanCache(directory).find(DIFF_ID, 7)).toBeUndefined();
  });

  test('knows nothing of a diff id that is none', () => {
    expect(new ScanCache(directory).find('sha256:../../etc', 7)).toBeUndefined();
  });
});

describe('cacheDirectory', () => {
  test.each([
    [{ CDK_DISTROLESS_CACHE: '/x', XDG_CACHE_HOME: '/y' }, '/x'],
    [{ XDG_CACHE_HOME: '/y', HOME: '/h' }, '/y/cdk-distroless'],
    [{ HOME: '/h' }, '/h/.cache/cdk-distroless'],
  ])('of %j is %s', (environment, expected) => {
    expect(cacheDirectory(environment)).toBe(expected);
  });
});
