import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCache } from '../../lib/evidence/scan-cache';
import type { LayerScan } from '../../lib/layers/scan/layer-scan';

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'scans-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const SCAN: LayerScan = {
  recogniserVersion: 3,
  diffId: `sha256:${'a'.repeat(64)}`,
  verified: true,
  digests: [`sha256:${'d'.repeat(64)}`],
  sizeBytes: 10,
  files: 1,
  hides: [],
  changes: ['xapp\x000\0'],
  contents: [{ type: 'elf', tools: [] }],
};

/** The files in the cache. */
function entries(): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the cache of scans', () => {
  test('gives a scan back to another process', () => {
    new ScanCache(directory).keep(SCAN);
    expect(new ScanCache(directory).find(SCAN.diffId, 3)).toEqual(SCAN);
  });

  test('does not know other layers, nor what other recognisers saw', () => {
    const cache = new ScanCache(directory);
    cache.keep(SCAN);
    expect(cache.find(`sha256:${'b'.repeat(64)}`, 3)).toBeUndefined();
    expect(cache.find(SCAN.diffId, 4)).toBeUndefined();
    expect(cache.find(SCAN.diffId, 2)).toBeUndefined();
  });

  test('keeps scans of two versions beside each other', () => {
    const cache = new ScanCache(directory);
    cache.keep(SCAN);
    cache.keep({ ...SCAN, recogniserVersion: 4, files: 2 });
    expect([3, 4].map((version) => cache.find(SCAN.diffId, version)?.files)).toEqual([1, 2]);
  });

  test('keeps nothing whose diff id was not verified', () => {
    const cache = new ScanCache(directory);
    cache.keep({ ...SCAN, verified: false });
    expect(cache.find(SCAN.diffId, 3)).toBeUndefined();
  });

  test('takes no scan of another layer that was put in the place of one', () => {
    const cache = new ScanCache(directory);
    cache.keep(SCAN);
    const [place] = entries();
    rmSync(place);
    cache.keep({ ...SCAN, diffId: `sha256:${'b'.repeat(64)}` });
    writeFileSync(place, readFileSync(entries()[0]));
    expect(new ScanCache(directory).find(SCAN.diffId, 3)).toBeUndefined();
  });

  test('takes a damaged scan for none', () => {
    new ScanCache(directory).keep(SCAN);
    const [path] = entries();
    writeFileSync(path, readFileSync(path, 'utf8').replace('elf', 'ELF'));
    expect(new ScanCache(directory).find(SCAN.diffId, 3)).toBeUndefined();
  });
});
