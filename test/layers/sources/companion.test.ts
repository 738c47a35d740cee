import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DEFAULT_LIMITS } from '../../../lib/layers/limits';
import { CompanionReader, type Companion } from '../../../lib/layers/sources/companion';
import { layer, sha256, type BuiltLayer } from '../fixtures/image-builder';
import { APP, SHELL } from '../fixtures/programs';

const pack = (bytes: Buffer): Buffer => gzipSync(bytes);
const directory = mkdtempSync(join(tmpdir(), 'companion-'));
const open: number[] = [];

afterAll(() => {
  for (const fd of open) closeSync(fd);
  rmSync(directory, { recursive: true });
});

/** The layer in the middle of a file. */
function companion({ stored, diffId }: BuiltLayer): Companion {
  const path = join(directory, String(open.length));
  writeFileSync(path, Buffer.concat([Buffer.alloc(100, 'before'), stored, Buffer.alloc(100, 'behind')]));
  const fd = openSync(path, 'r');
  open.push(fd);
  const range = { fd, start: 100, size: stored.length };
  return { range, diffId, digest: `sha256:${sha256(stored)}`, limits: DEFAULT_LIMITS };
}

/** Does not pack; the same in every run. */
const DATA = { name: 'data', body: Buffer.alloc(200_000) };
for (let i = 0, state = 1; i < DATA.body.length; i += 4)
  DATA.body.writeInt32LE((state = (state * 48_271) % 0x7fffffff), i);

const GOOD = layer([{ name: 'bin/x', body: SHELL }, DATA], pack);
const OTHER = layer([{ name: 'app', body: APP }, DATA], pack);

test('layers are read one after the other', () => {
  const scans = new CompanionReader([companion(GOOD), companion(OTHER)]).finish();
  expect(scans.map((learnt) => learnt?.scan)).toMatchObject([
    { diffId: GOOD.diffId, verified: true, files: 2, contents: [{ tools: [{ kind: 'bash' }] }] },
    { diffId: OTHER.diffId, verified: true, files: 2, contents: [{ tools: [] }] },
  ]);
  expect(scans.map((learnt) => learnt?.budget)).toMatchObject([
    { entries: 2, remembered: 1, packedBytes: GOOD.stored.length },
    { entries: 2, remembered: 1, packedBytes: OTHER.stored.length },
  ]);
});

test('a step is only a part of the work', () => {
  const steps = new CompanionReader([companion(GOOD)]);
  let count = 1;
  while (steps.step()) count++;
  expect(count).toBeGreaterThan(GOOD.stored.length / 65_536);
  expect(steps.step()).toBe(false);
  expect(steps.finish()).toMatchObject([{ scan: { diffId: GOOD.diffId } }]);
});

test('there may be none', () => {
  expect(new CompanionReader([]).step()).toBe(false);
  expect(new CompanionReader([]).finish()).toEqual([]);
});

test.each<[string, Partial<Companion>, BuiltLayer]>([
  ['has another diff id', { diffId: OTHER.diffId }, GOOD],
  ['has another digest', { digest: OTHER.diffId }, GOOD],
  ['is not gzip', {}, layer([{ name: 'app', body: APP }])],
  ['is cut off', {}, { ...GOOD, stored: GOOD.stored.subarray(0, -9) }],
  ['is empty', {}, { ...GOOD, stored: Buffer.alloc(0) }],
  ['is not where it should be', { range: { fd: 0x7fff, start: 0, size: 10 } }, GOOD],
  ['has a digest of a kind that is not known', { digest: 'md5:00' }, GOOD],
  ['packs too well', {}, layer([{ name: 'zeros', body: Buffer.alloc(1_000_000) }], pack)],
  ['has too many entries', { limits: { ...DEFAULT_LIMITS, entries: 0 } }, GOOD],
])('one that %s is left to be read in its turn, and the next one is read', (_, more, built) => {
  const scans = new CompanionReader([{ ...companion(built), ...more }, companion(OTHER)]).finish();
  expect(scans).toMatchObject([undefined, { scan: { diffId: OTHER.diffId } }]);
});
