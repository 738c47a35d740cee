import { gzipSync } from 'node:zlib';
import type { LayerScan, LayerScanCache } from '../../../lib/layers/scan/layer-scan';
import {
  archiveOf,
  dockerArchive,
  found,
  image,
  inspectArchive,
  layer,
  ociLayout,
  sha256,
  type BuiltLayer,
} from '../fixtures/image-builder';
import { outcome } from '../fixtures/outcome';
import { APP, SHELL } from '../fixtures/programs';

/** Remembers scans, and counts how often any was kept. */
class Memory implements LayerScanCache {
  public readonly scans = new Map<string, LayerScan>();
  public kept = 0;

  public find(diffId: string): LayerScan | undefined {
    return this.scans.get(diffId);
  }

  public keep(scan: LayerScan): void {
    this.kept++;
    this.scans.set(scan.diffId, scan);
  }
}

const packed = (level: number) => (bytes: Buffer) => gzipSync(bytes, { level });
const inLayout = (...layers: BuiltLayer[]) => archiveOf(ociLayout(image(layers)));
const clean = layer([{ name: 'app', body: APP }], packed(9));
const shell = layer([{ name: 'app', body: SHELL }], packed(9));

let cache: Memory;

beforeEach(() => (cache = new Memory()));

test('a known layer is not read again', () => {
  inspectArchive(inLayout(clean), { cache });
  inspectArchive(inLayout(clean), { cache });
  expect(cache.kept).toBe(1);
});

test('a layer is not taken for the known one whose diff id its image gives it', () => {
  inspectArchive(inLayout(clean), { cache });
  const forged = inLayout({ ...shell, diffId: clean.diffId });
  expect(outcome(() => [inspectArchive(forged, { cache })])).toBe('digest-mismatch');
});

test('a known layer that is packed in another way is read once more, and then known both ways', () => {
  const again = layer([{ name: 'app', body: APP }], packed(1));
  for (const built of [clean, again, clean, again])
    expect(found(inspectArchive(inLayout(built), { cache }))).toEqual([]);
  expect(cache.kept).toBe(2);
  const digests = [clean, again].map(({ stored }) => `sha256:${sha256(stored)}`);
  expect(cache.find(clean.diffId)?.digests).toEqual(digests);
});

test('in archives that whoever loads them unpacks, diff ids are enough', () => {
  inspectArchive(inLayout(clean), { cache });
  inspectArchive(dockerArchive(image([clean])), { cache });
  expect(cache.kept).toBe(1);
});

test('of the ways to pack a layer, the last are remembered', () => {
  const ways = Array.from({ length: 40 }, (_, i) => ({
    ...clean,
    stored: Buffer.concat([clean.stored, Buffer.alloc(i)]),
  }));
  for (const way of ways) inspectArchive(inLayout(way), { cache });
  expect(cache.find(clean.diffId)?.digests).toHaveLength(32);
  inspectArchive(inLayout(ways[39]), { cache });
  expect(cache.kept).toBe(40);
});
