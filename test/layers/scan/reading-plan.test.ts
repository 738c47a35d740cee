import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planReading } from '../../../lib/layers/scan/reading-plan';
import type { LayerBlob } from '../../../lib/layers/image-source';

const directory = mkdtempSync(join(tmpdir(), 'reading-plan-'));
const open: number[] = [];

afterAll(() => {
  for (const fd of open) closeSync(fd);
  rmSync(directory, { recursive: true });
});

function startingWith(name: string, head: Buffer): number {
  writeFileSync(join(directory, name), head);
  const fd = openSync(join(directory, name), 'r');
  open.push(fd);
  return fd;
}

const GZIP = startingWith('gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
const ZSTD = startingWith('zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]));

function blob(mebibytes: number, fd = GZIP): LayerBlob {
  const size = mebibytes * 1024 * 1024;
  return { sizeBytes: size, read: () => undefined, range: () => ({ fd, start: 0, size }) };
}

const plan = (blobs: readonly LayerBlob[], first = 0, known: readonly number[] = []) =>
  planReading(blobs, first, (layer) => known.includes(layer));

test('small layers are read while the largest is', () => {
  expect(plan([blob(20), blob(30), blob(200)])).toEqual({ leader: 2, companions: [0] });
  expect(plan([blob(200), blob(2), blob(20), blob(3)])).toEqual({ leader: 0, companions: [2, 3, 1] });
});

test.each<[string, readonly LayerBlob[]]>([
  ['there is only one layer', [blob(200)]],
  ['there is none', []],
  ['none is large', [blob(2), blob(20)]],
  ['none is small enough', [blob(30), blob(200)]],
  ['none is large enough to be worth it', [blob(0.5), blob(200)]],
  ['they are packed in another way', [blob(20, ZSTD), blob(200)]],
  ['the large one is packed in another way', [blob(20), blob(200, ZSTD)]],
  ['they are not where two can read them', [{ ...blob(20), range: undefined }, blob(200)]],
  ['their sizes are not known', [{ ...blob(20), sizeBytes: undefined }, blob(200)]],
])('layers are read one after the other when %s', (_, blobs) => {
  expect(plan(blobs)).toBeUndefined();
});

test('what is known is not read', () => {
  const blobs = [blob(20), blob(200), blob(10), blob(100)];
  expect(plan(blobs, 0, [1])).toEqual({ leader: 3, companions: [2] });
  expect(plan(blobs, 0, [2, 3])).toEqual({ leader: 1, companions: [0] });
  expect(plan(blobs, 2, [])).toEqual({ leader: 3, companions: [2] });
  expect(plan(blobs, 2, [3])).toBeUndefined();
});

test('a very large layer does not wait for much', () => {
  expect(plan([blob(65), blob(50), blob(15), blob(14), blob(5000)])).toEqual({ leader: 4, companions: [1, 3] });
});
