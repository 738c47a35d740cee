import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetEvidence } from '../../lib/evidence/asset-evidence';
import { cacheDirectory } from '../../lib/evidence/cache-directory';
import { EntryStore } from '../../lib/evidence/entry-store';
import { ScanCache } from '../../lib/evidence/scan-cache';
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
  sizeBytes: 1,
  files: 1,
  changes: [],
  contents: [],
};

describe('AssetEvidence', () => {
  const facts = [inspectLayers([{ name: 'app', body: 'x' }])];

  test('gives back what was found in an asset', () => {
    new AssetEvidence(directory).keep(HASH, facts);
    expect(new AssetEvidence(directory).find(HASH)).toEqual(facts);
    expect(new AssetEvidence(directory).find(HASH.replace('a', 'b'))).toBeUndefined();
  });

  test('knows nothing of what other recognisers found', () => {
    new AssetEvidence(directory).keep(HASH, facts);
    const store = new EntryStore<object>(join(directory, 'assets'));
    store.set(HASH, { ...store.get(HASH), recogniser: 0 });
    expect(new AssetEvidence(directory).find(HASH)).toBeUndefined();
  });

  test.each(['../../x', '', 'short', `${HASH}/x`])('keeps nothing under %j, which is no hash', (hash) => {
    new AssetEvidence(directory).keep(hash, facts);
    expect(new AssetEvidence(directory).find(hash)).toBeUndefined();
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
