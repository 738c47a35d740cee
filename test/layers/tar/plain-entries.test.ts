import { DEFAULT_LIMITS, type Limits } from '../../../lib/layers/limits';
import { InspectionError } from '../../../lib/layers/inspection-error';
import { searchRoom } from '../../../lib/layers/recognise/machine-code';
import { TELLING_NAMES } from '../../../lib/layers/recognise/name-recogniser';
import { noneUsed } from '../../../lib/layers/scan/budget';
import type { Change } from '../../../lib/layers/scan/change-list';
import { LayerScanner } from '../../../lib/layers/scan/layer-scanner';
import { sharedPlainEntries, type PlainEntries } from '../../../lib/layers/tar/plain-entries';
import { changesIn } from '../fixtures/change-list';
import { APP, SHELL } from '../fixtures/programs';
import { gnuLong, member, pax, tar, type TarMember } from '../fixtures/tar-builder';

const PLAIN = sharedPlainEntries() as PlainEntries;
const ROOM = searchRoom() as Buffer;

type Random = (bound: number) => number;

/** Numbers below a bound that look like chance, and are the same in every run. */
function chance(seed: number): Random {
  let state = seed;
  return (bound) => (state = (state * 48_271) % 0x7fffffff) % bound;
}

interface Seen {
  readonly hides: readonly Change[];
  readonly changes: readonly Change[];
  readonly rest: unknown;
}

/** An archive that is being looked through. */
class Reading {
  public readonly budget = noneUsed();
  private readonly scanner: LayerScanner;

  public constructor(plain?: PlainEntries, limits: Partial<Limits> = {}) {
    this.scanner = new LayerScanner({ ...DEFAULT_LIMITS, ...limits }, this.budget, plain);
  }

  /** Pushes a chunk from somewhere in the room, among what is left there of others. */
  public push(chunk: Buffer, next: Random): void {
    const at = 4 * next((ROOM.length - chunk.length) / 4);
    chunk.copy(ROOM, at);
    this.scanner.tar.push(ROOM.subarray(at, at + chunk.length));
  }

  public finish(): Seen {
    const { hides, changes, ...rest } = this.scanner.finish();
    // How much text it takes depends on where a run begins.
    const budget = { ...this.budget, pathBytes: undefined };
    return { hides: changesIn(hides), changes: changesIn(changes), rest: { ...rest, budget } };
  }
}

/** What is seen in an archive that comes in chunks, or what is wrong with it. */
function seen(archive: Buffer, plain: PlainEntries | undefined, seed: number): Seen | string {
  const next = chance(seed);
  const reading = new Reading(plain);
  try {
    for (let at = 0; at < archive.length;) {
      const size = 1 + next(next(2) === 0 ? 700 : 20_000);
      reading.push(archive.subarray(at, at + size), next);
      at += size;
    }
    return reading.finish();
  } catch (error) {
    if (InspectionError.isInspectionError(error)) return error.message;
    throw error;
  }
}

const PARTS = [
  'usr',
  'lib',
  'a',
  'b',
  'x'.repeat(40),
  '.',
  '..',
  '',
  '.wh.a',
  '.wh..wh..opq',
  'sh',
  'main.py',
  'p.whl',
];
PARTS.push('\xe9', '.hidden', 'package.json', '...', 'apt', 'ash.static');
const BODIES = [
  '',
  '#',
  '#!',
  '#!/bin/sh\n',
  'MZ',
  'text',
  '\0asm',
  '\xca\xfe\xba\xbe\0\0\0\x02',
  '\x7fE',
  '\xfe\xed\xfa\xce',
];

const TARGETS = ['a/b', '/usr/lib/a', '../b', '', 't'.repeat(100), '\xe9', 'a\0b'];

function someName(next: Random): string {
  const parts = Array.from({ length: 1 + next(5) }, () => PARTS[next(next(3) === 0 ? PARTS.length : 5)]);
  return `${next(4) === 0 ? './' : ''}${parts.join('/')}${next(6) === 0 ? '/' : ''}`.slice(0, 100);
}

function someBody(next: Random): Buffer {
  if (next(12) === 0) return next(2) === 0 ? SHELL : APP;
  const body = Buffer.from(BODIES[next(BODIES.length)], 'latin1');
  return next(2) === 0 ? body : Buffer.concat([body, Buffer.alloc(next(3000), 'body')]);
}

function someMember(next: Random): TarMember {
  const type = '000000022255512\x007'[next(next(9) === 0 ? 16 : 12)];
  const name = next(3) === 0 ? someName(next) : `usr/share/doc/f${next(1000)}${type === '5' ? '/' : ''}`;
  return {
    name,
    type,
    mode: next(4) === 0 ? 0o644 : 0o755,
    body: type === '0' ? someBody(next) : '',
    target: type === '1' || type === '2' ? TARGETS[next(TARGETS.length)] : '',
    patch: next(8) === 0 ? (header) => unusual(header, next) : undefined,
  };
}

/** What other writers of archives write, and what none does. */
function unusual(header: Buffer, next: Random): void {
  const ways = [
    () => header.write('ustar  \0', 257, 'latin1'),
    () => header.fill(0, 257, 265),
    () => header.write('pre/fix', 345, 'latin1'),
    () => header.write(' 0000644', 100, 'latin1'),
    () => header.write('644\0', 100, 'latin1'),
    () => header.write('0000000000 \0', 124, 'latin1'),
    () => header.writeUInt8(0x80, 124),
    () => header.writeUInt8(next(256), next(512)),
  ];
  ways[next(ways.length)]();
}

function someArchive(next: Random): Buffer {
  const members = Array.from({ length: next(40) }, () => {
    if (next(25) === 0) return [pax({ path: 'from/pax' }), someMember(next)];
    if (next(25) === 0) return [gnuLong('L', 'from/gnu'), someMember(next)];
    return [someMember(next)];
  });
  return tar(members.flat());
}

/** A bit is turned, the end is cut off, or zeros come in between. */
function damage(archive: Buffer, next: Random): Buffer {
  const at = next(archive.length);
  if (next(4) === 0) return archive.subarray(0, at);
  archive[at] ^= 1 << next(8);
  return archive;
}

test('what is seen is what JavaScript alone sees, or refuses', () => {
  let refused = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const next = chance(seed);
    const archive = someArchive(next);
    const given = next(3) === 0 ? damage(archive, next) : archive;
    const expected = seen(given, undefined, seed);
    if (typeof expected === 'string') refused++;
    expect([seed, seen(given, PLAIN, seed)]).toEqual([seed, expected]);
  }
  expect(refused).toBeGreaterThan(300);
  expect(refused).toBeLessThan(2700);
});

test('an archive that is cut is read, or refused, as by JavaScript alone', () => {
  const archive = tar([
    { name: 'a', body: 'x'.repeat(600) },
    { name: 'b', body: 'y' },
  ]);
  for (let end = 0; end < archive.length; end += 3) {
    const cut = archive.subarray(0, end);
    expect([end, seen(cut, PLAIN, end + 1)]).toEqual([end, seen(cut, undefined, end + 1)]);
  }
});

test('most of what is plain is taken', () => {
  const files = Array.from({ length: 100 }, (_, i) => ({ name: `./usr/share/doc/f${i}`, body: 'x'.repeat(i) }));
  const archive = tar([{ name: './usr/share/doc/', type: '5' }, ...files, { name: './bin/x', body: APP }]);
  archive.copy(ROOM);
  const run = PLAIN.walk(ROOM.subarray(0, archive.length), 0, {}, true);
  expect(run).toMatchObject({ entries: 101, files: 100, sizeBytes: 4950, left: 0 });
  expect(archive.subarray(run?.taken, (run?.taken ?? 0) + 9).toString()).toBe('./bin/x\0\0');
});

test('links are taken with their targets, and what has to be remembered of them is counted', () => {
  const long = 'l'.repeat(100);
  const links = ['usr/a', 'usr/b', 'c', long].map((name): TarMember => ({ name, type: '2', target: `../${name}` }));
  links.push({ name: 'd', type: '2', target: 't'.repeat(100) });
  const archive = tar([{ name: 'usr/f' }, ...links.slice(0, 2), { name: 'usr/g' }, ...links.slice(2)]);
  archive.copy(ROOM);
  const run = PLAIN.walk(ROOM.subarray(0, archive.length - 1024), 0, {}, true);
  expect(run).toMatchObject({ entries: 7, files: 2, links: 5, linkPathBytes: 112, left: 0 });
  expect(changesIn([run?.text ?? ''])).toEqual([
    { kind: 'file', path: 'usr/f' },
    { kind: 'symlink', path: 'usr/a', target: '../usr/a' },
    { kind: 'symlink', path: 'usr/b', target: '../usr/b' },
    { kind: 'file', path: 'usr/g' },
    { kind: 'symlink', path: 'c', target: '../c' },
    { kind: 'symlink', path: long, target: `../${long}`.slice(0, 100) },
    { kind: 'symlink', path: 'd', target: 't'.repeat(100) },
  ]);
});

test('a file that goes on behind the bytes is taken with them', () => {
  const archive = tar([{ name: 'a', body: Buffer.alloc(5000) }]);
  archive.copy(ROOM);
  expect(PLAIN.walk(ROOM.subarray(0, 514), 0, {}, true)).toMatchObject({
    taken: 514,
    left: 512 + 5000 - 514,
    padding: 120,
    files: 1,
  });
  expect(PLAIN.walk(ROOM.subarray(0, 512 + 5001), 0, {}, true)).toMatchObject({ left: 0, padding: 119 });
  expect(PLAIN.walk(ROOM.subarray(0, 513), 0, {}, true)).toBeUndefined();
  expect(PLAIN.walk(ROOM.subarray(0, 511), 0, {}, true)).toBeUndefined();
});

test.each<[string, TarMember]>([
  ...TELLING_NAMES.filter((name) => name !== '.whl').map((name): [string, TarMember] => [
    name,
    { name: `a/${name}`, body: 'x' },
  ]),
  ['a wheel', { name: 'a/pip.whl', body: 'x' }],
  ['a whiteout', { name: 'a/.wh.b' }],
  ['an opaque directory', { name: 'a/.wh..wh..opq', type: '5' }],
  ['a program', { name: 'a', body: APP }],
  ['a script', { name: 'a', body: '#!/bin/sh' }],
  ['a hard link', { name: 'a', type: '1', target: 'b' }],
  ['a link that leads nowhere', { name: 'a', type: '2', target: '' }],
  ['a link with a body', { name: 'a', type: '2', target: 'b', size: 1 }],
  ['a link named like a directory', { name: 'a/', type: '2', target: 'b' }],
  ['a link named like a whiteout', { name: 'a/.wh.b', type: '2', target: 'b' }],
  ['a directory with a body', { name: 'a', type: '5', size: 1 }],
  ['a file named like a directory', { name: 'a/' }],
  ['the root', { name: './', type: '5' }],
  ['a name that leads upwards', { name: 'a/../b' }],
  ['a negative size', { name: 'a', size: '-1\0' }],
  ['a size that does not end', { name: 'a', size: '000000000001' }],
  ['a wrong checksum', { name: 'a', patch: (header) => header.fill('7', 329, 337) }],
])('%s is left to others', (what, other) => {
  const bytes = member(other);
  if (what === 'a wrong checksum') bytes[0] ^= 1;
  bytes.copy(ROOM);
  expect(PLAIN.walk(ROOM.subarray(0, bytes.length), 0, {}, true)).toBeUndefined();
});

test('nothing is taken of bytes that lie elsewhere', () => {
  expect(PLAIN.walk(tar([{ name: 'a' }]), 0, {}, true)).toBeUndefined();
});

test('archives that are read by turns do not get into each other', () => {
  const names = (letter: string) =>
    Array.from({ length: 60 }, (_, i) => ({ name: `${letter}/${letter.repeat(9)}/f${i}` }));
  const archives = ['a', 'b'].map((letter) => tar(names(letter)));
  const next = chance(1);
  const readings = archives.map(() => new Reading(PLAIN));
  for (let at = 0; at < archives[0].length; at += 1500) {
    readings.forEach((reading, i) => reading.push(archives[i].subarray(at, at + 1500), next));
  }
  expect(readings.map((reading) => reading.finish())).toEqual(archives.map((archive) => seen(archive, undefined, 1)));
});

test('no more entries are taken than the limit says', () => {
  const archive = tar(Array.from({ length: 20 }, (_, i) => ({ name: `f${i}` })));
  const read = (entries: number) => () => new Reading(PLAIN, { entries }).push(archive, chance(1));
  expect(read(20)).not.toThrow();
  expect(read(19)).toThrow('more than 19 entries in one image');
});

test('no more links are taken than the limit says', () => {
  const archive = tar(Array.from({ length: 20 }, (_, i) => ({ name: `f${i}`, type: '2', target: 'x' })));
  const read = (remembered: number) => () => new Reading(PLAIN, { remembered }).push(archive, chance(1));
  expect(read(20)).not.toThrow();
  expect(read(19)).toThrow('more than 19 links and programs in one image');
});
