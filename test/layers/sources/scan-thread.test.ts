import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type * as inspection from '../../../lib/layers/inspect';
import type * as opening from '../../../lib/layers/sources/open-image';
import type * as threads from '../../../lib/layers/sources/scan-thread';
import { compileRoom } from '../fixtures/compiled-room';
import { archiveOf, image, inspectFile, layer, ociLayout, sha256, type BuiltLayer } from '../fixtures/image-builder';
import { outcome } from '../fixtures/outcome';
import { APP, SHELL } from '../fixtures/programs';
import { tar, type TarMember } from '../fixtures/tar-builder';

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

const several = availableParallelism() > 1 ? describe : describe.skip;

several('the scanning thread (needs two processors)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'scan-thread-'));
  let inspectWithThread: (path: string) => unknown;
  let hasThread: () => boolean;

  beforeAll(() => {
    const room = compileRoom(directory);
    /* eslint-disable @typescript-eslint/no-require-imports */
    const { inspectImage } = require(join(room, 'inspect.js')) as typeof inspection;
    const { openImage } = require(join(room, 'sources/open-image.js')) as typeof opening;
    ({ hasThread } = require(join(room, 'sources/scan-thread.js')) as typeof threads);
    /* eslint-enable @typescript-eslint/no-require-imports */
    inspectWithThread = (path) => {
      const source = openImage(path);
      try {
        return inspectImage(source);
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
});
