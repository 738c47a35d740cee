import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type * as inspection from '../../../lib/layers/inspect';
import type { InspectOptions } from '../../../lib/layers/inspect';
import type { LayerFacts } from '../../../lib/layers/layer-facts';
import type { LayerScan } from '../../../lib/layers/scan/layer-scan';
import type * as opening from '../../../lib/layers/sources/open-image';
import type * as threads from '../../../lib/layers/sources/scan-thread';
import { compileRoom } from '../fixtures/compiled-room';
import { archiveOf, image, inspectFile, layer, ociLayout, sha256, type BuiltLayer } from '../fixtures/image-builder';
import { outcome } from '../fixtures/outcome';
import { APP, SHELL } from '../fixtures/programs';
import { tar, type TarMember } from '../fixtures/tar-builder';

const MIB = 1024 * 1024;

/** Does not pack, so that the layers are large enough for the thread; the same in every run. */
const BALLAST = Buffer.alloc(12 * 1024 * 1024);
for (let i = 0, state = 1; i < BALLAST.length; i += 4) BALLAST.writeInt32LE((state = (state * 48_271) % 0x7fffffff), i);

const fast = (bytes: Buffer): Buffer => gzipSync(bytes, { level: 1 });
const members = (...more: TarMember[]): TarMember[] => [
  { name: 'app', body: APP },
  { name: 'data', body: BALLAST },
  ...more,
];
const SHELL_AT_END = members({ name: 'bin/x', body: SHELL }, { name: 'bin/sh', type: '2', target: 'x' });
const GOOD = layer(SHELL_AT_END, fast);

const REFUSED_AT_END = layer(members({ name: 'a', type: 'S' }), fast);

function spoilt(change: (stored: Buffer) => Buffer, built = GOOD): BuiltLayer {
  return { ...built, stored: change(Buffer.from(built.stored)) };
}

const LARGE = layer(
  [{ name: 'more', body: BALLAST }, { name: 'yet more', body: BALLAST.subarray(0, MIB) }, ...members()],
  fast,
);
const SMALL_BODY = { name: 'some', body: BALLAST.subarray(0, 2 * MIB) };
const SMALL = layer([SMALL_BODY, { name: 'bin/x', body: SHELL }, { name: 'bin/sh', type: '2', target: 'x' }], fast);

const several = availableParallelism() > 1 ? describe : describe.skip;

several('the scanning thread (needs two processors)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'scan-thread-'));
  let inspectWithThread: (path: string, options?: InspectOptions) => LayerFacts[];
  let hasThread: () => boolean;

  beforeAll(() => {
    const room = compileRoom(directory);
    /* eslint-disable @typescript-eslint/no-require-imports */
    const { inspectImage } = require(join(room, 'inspect.js')) as typeof inspection;
    const { openImage } = require(join(room, 'sources/open-image.js')) as typeof opening;
    ({ hasThread } = require(join(room, 'sources/scan-thread.js')) as typeof threads);
    /* eslint-enable @typescript-eslint/no-require-imports */
    inspectWithThread = (path, options) => {
      const source = openImage(path);
      try {
        return inspectImage(source, options);
      } finally {
        source.close();
      }
    };
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  /** What both ways say of an image of these layers. */
  function answers(...layers: readonly BuiltLayer[]): { withThread: unknown; without: unknown } {
    const path = join(directory, 'image.tar');
    writeFileSync(path, archiveOf(ociLayout(image(layers))));
    return { withThread: outcomeOf(() => inspectWithThread(path)), without: outcome(() => inspectFile(path)) };
  }

  /** Of the compiled room, whose errors are of another class. */
  function outcomeOf(inspect: () => unknown): unknown {
    try {
      return inspect();
    } catch (error) {
      return (error as { code?: string }).code ?? error;
    }
  }

  test('says what one thread alone says', () => {
    const { withThread, without } = answers(GOOD);
    expect(hasThread()).toBe(true);
    expect(withThread).toEqual(without);
    expect(without).toMatchObject([
      {
        tools: [
          { kind: 'bash', path: '/bin/sh' },
          { kind: 'bash', path: '/bin/x' },
        ],
      },
    ]);
  });

  test.each<[string, BuiltLayer, string]>([
    ['a wrong diff id', { ...GOOD, diffId: `sha256:${'0'.repeat(64)}` }, 'digest-mismatch'],
    ['a layer that is cut off', spoilt((stored) => stored.subarray(0, -5)), 'truncated'],
    ['a layer that is cut in the middle', spoilt((stored) => stored.subarray(0, stored.length / 2)), 'truncated'],
    ['a wrong checksum at the end', spoilt((stored) => stored.fill(0, stored.length - 8)), 'corrupt'],
    ['an entry of a kind that is refused, first', layer([{ name: 'a', type: 'S' }, ...members()], fast), 'ambiguous'],
    ['one that is last', REFUSED_AT_END, 'ambiguous'],
    ['one before a layer is cut off', spoilt((stored) => stored.subarray(0, -5), REFUSED_AT_END), 'ambiguous'],
    ['an archive that is cut', layer(tar(members()).subarray(0, 6_000_000 * 2), fast), 'truncated'],
  ])('refuses %s as one thread alone does, and reads the next layer', (_, built, code) => {
    expect(answers(built)).toEqual({ withThread: code, without: code });
    const { withThread, without } = answers(GOOD);
    expect(withThread).toEqual(without);
  });

  test('takes in one layer after the other', () => {
    const second = layer(members({ name: 'bin/.wh.x' }), fast);
    const { withThread, without } = answers(GOOD, second, GOOD, second);
    expect(withThread).toEqual(without);
    expect(without).toMatchObject([{ tools: [] }]);
  });

  test('checks the digest of what is stored', () => {
    const files = ociLayout(image([GOOD]));
    const name = `blobs/sha256/${sha256(GOOD.stored)}`;
    const renamed = Buffer.from(GOOD.stored);
    renamed[4] ^= 1; // the time in the header, which nothing else is checked by
    const path = join(directory, 'image.tar');
    writeFileSync(path, archiveOf(files.set(name, renamed)));
    expect(outcomeOf(() => inspectWithThread(path))).toBe('digest-mismatch');
  });

  describe('and layers that are read besides', () => {
    const path = join(directory, 'image.tar');

    function write(...layers: readonly BuiltLayer[]): void {
      writeFileSync(path, archiveOf(ociLayout(image(layers))));
    }

    /** The layers in the order in which anything is read of them, with how much of each that is in the end. */
    function readOf(...layers: readonly BuiltLayer[]): Array<[layer: number, bytes: number]> {
      write(...layers);
      const read = new Map<number, number>();
      outcomeOf(() => inspectWithThread(path, { onProgress: ({ layer: of, readBytes }) => read.set(of, readBytes) }));
      return [...read];
    }

    /** What is told of an error by the way that reads layers besides, and by the one that does not. */
    function errors(...layers: readonly BuiltLayer[]): { withThread: string; without: string } {
      write(...layers);
      return { withThread: errorOf(() => inspectWithThread(path)), without: errorOf(() => inspectFile(path)) };
    }

    function errorOf(inspect: () => unknown): string {
      try {
        inspect();
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    }

    test('a small one is read while a large one is, and says the same', () => {
      expect(readOf(SMALL, LARGE)).toEqual([
        [1, LARGE.stored.length],
        [0, SMALL.stored.length],
      ]);
      const { withThread, without } = answers(SMALL, LARGE);
      expect(withThread).toEqual(without);
      expect(without).toMatchObject([{ tools: [{ path: '/bin/sh' }, { path: '/bin/x' }] }]);
    });

    test('several are', () => {
      const another = layer([{ name: 'other', body: BALLAST.subarray(5, MIB) }], fast);
      expect(readOf(LARGE, SMALL, another).map(([of]) => of)).toEqual([0, 1, 2]);
      const { withThread, without } = answers(LARGE, SMALL, another, GOOD);
      expect(withThread).toEqual(without);
    });

    test('what they hide is hidden', () => {
      const { withThread, without } = answers(SMALL, LARGE, layer([SMALL_BODY, { name: 'bin/.wh.x' }], fast));
      expect(withThread).toEqual(without);
      expect(without).toMatchObject([{ tools: [] }]);
    });

    test.each<[string, BuiltLayer]>([
      ['has a wrong diff id', { ...SMALL, diffId: `sha256:${'0'.repeat(64)}` }],
      ['is cut off', spoilt((stored) => stored.subarray(0, -5), SMALL)],
      ['has a wrong checksum', spoilt((stored) => stored.fill(0, stored.length - 8), SMALL)],
      ['has an entry that is refused', layer([SMALL_BODY, { name: 'a', type: 'S' }], fast)],
      ['ends in the middle', layer(tar([SMALL_BODY]).subarray(0, MIB), fast)],
      ['holds what packs too well', layer([SMALL_BODY, { name: 'zeros', body: Buffer.alloc(64 * MIB) }], fast)],
    ])('one that %s is told of as if it had been read in its turn', (_, built) => {
      for (const layers of [
        [built, LARGE],
        [LARGE, built],
        [SMALL, built, LARGE],
      ]) {
        const { withThread, without } = errors(...layers);
        expect(withThread).toBe(without);
      }
    });

    test.each<[string, BuiltLayer]>([
      ['has a wrong diff id', { ...LARGE, diffId: `sha256:${'0'.repeat(64)}` }],
      ['is cut off', spoilt((stored) => stored.subarray(0, -5), LARGE)],
    ])('what is wrong with them comes before what is wrong with a large one behind them that %s', (_, large) => {
      const alone = errors(SMALL, large);
      expect(alone.withThread).toBe(alone.without);
      expect(alone.withThread).toContain('layer 1');
      const both = errors(
        spoilt((stored) => stored.subarray(0, -5), SMALL),
        large,
      );
      expect(both.withThread).toBe(both.without);
      expect(both.withThread).toContain('layer 0');
    });

    test('limits hold for all together', () => {
      write(SMALL, LARGE);
      const limits = { entries: 6 };
      expect(errorOf(() => inspectWithThread(path, { limits }))).toContain('more than 6 entries in one image');
      expect(errorOf(() => inspectWithThread(path, { limits: { entries: 7 } }))).toBe('');
    });

    test('scans of both are kept, and what has been kept is not read', () => {
      write(SMALL, LARGE);
      const kept = new Map<string, LayerScan>();
      const cache = {
        find: (diffId: string) => kept.get(diffId),
        keep: (scan: LayerScan) => kept.set(scan.diffId, scan),
      };
      const facts = inspectWithThread(path, { cache });
      expect([...kept.keys()].sort()).toEqual([SMALL.diffId, LARGE.diffId].sort());
      kept.delete(SMALL.diffId);
      const read = new Set<number>();
      expect(inspectWithThread(path, { cache, onProgress: ({ layer: of }) => read.add(of) })).toEqual(facts);
      expect([...read]).toEqual([0]);
    });

    test('files of a layout are closed in the end', () => {
      const layout = join(directory, 'layout');
      for (const [name, bytes] of ociLayout(image([SMALL, LARGE]))) {
        mkdirSync(dirname(join(layout, name)), { recursive: true });
        writeFileSync(join(layout, name), bytes);
      }
      const openFiles = () => readdirSync('/proc/self/fd').length;
      const before = openFiles();
      expect(inspectWithThread(layout)).toMatchObject([{ tools: [{ path: '/bin/sh' }, { path: '/bin/x' }] }]);
      expect(openFiles()).toBe(before);
    });
  });
});
