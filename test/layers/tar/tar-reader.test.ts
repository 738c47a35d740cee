import { InspectionError } from '../../../lib/layers/inspection-error';
import type { TarEntry } from '../../../lib/layers/tar/tar-entry';
import { TarReader } from '../../../lib/layers/tar/tar-reader';
import { gnuLong, member, pax, tar, type TarMember } from '../fixtures/tar-builder';

interface Seen {
  readonly entry: TarEntry;
  readonly body: string;
}

function read(archive: Buffer, chunkSize = archive.length): Seen[] {
  const seen: Seen[] = [];
  const reader = new TarReader((entry) => {
    const chunks: Buffer[] = [];
    const finish = () => seen.push({ entry, body: Buffer.concat(chunks).toString('latin1') });
    return { push: (chunk) => chunks.push(Buffer.from(chunk)) > 0, finish };
  });
  for (let at = 0; at < archive.length; at += chunkSize) reader.push(archive.subarray(at, at + chunkSize));
  reader.finish();
  return seen;
}

function codeOf(archive: Buffer): string {
  try {
    return `read: ${read(archive)
      .map(({ entry }) => entry.path)
      .join(' ')}`;
  } catch (error) {
    if (InspectionError.isInspectionError(error)) return error.code;
    throw error;
  }
}

const SAMPLE = tar([
  { name: './usr/', type: '5' },
  { name: 'usr/a', body: 'x'.repeat(1000) },
  { name: 'usr/b', type: '2', target: 'a/../a' },
  { name: 'usr/c', type: '1', target: './usr/a' },
  gnuLong('L', `${'n'.repeat(300)}`),
  { name: 'short', body: 'y' },
  pax({ path: 'p/\xc3\xa4', size: '3' }),
  { name: 'short', body: 'abc', size: 0 },
  { name: 'dev/null', type: '3' },
]);

describe('the tar reader', () => {
  test.each([1, 7, 511, 512, 513, 1000, 100_000])('reads an archive in chunks of %i bytes', (size) => {
    const seen = read(SAMPLE, size).map(({ entry, body }) => [entry.type, entry.path, entry.target, body.length]);
    expect(seen).toEqual([
      ['directory', 'usr', '', 0],
      ['file', 'usr/a', '', 1000],
      ['symlink', 'usr/b', 'a/../a', 0],
      ['hardlink', 'usr/c', 'usr/a', 0],
      ['file', 'n'.repeat(300), '', 1],
      ['file', 'p/\xc3\xa4', '', 3],
      ['other', 'dev/null', '', 0],
    ]);
  });

  test('leaves out what nobody wants', () => {
    const reader = new TarReader(() => undefined);
    reader.push(member({ name: 'a', body: 'x'.repeat(1000) }).subarray(0, 600));
    expect(reader.skippable).toBe(1024 - 88);
    reader.skip(1000 - 88);
    reader.skip(24);
    reader.push(tar([{ name: 'b' }]));
    expect(() => reader.finish()).not.toThrow();
    expect(() => reader.skip(1)).toThrow(RangeError);
  });

  test.each<[string, TarMember[], string]>([
    ['an absolute name', [{ name: '/bin//./sh/', type: '5' }], 'read: bin/sh'],
    ['a name with ".."', [{ name: 'a/../bin/sh' }], 'ambiguous'],
    ['a hard link with ".."', [{ name: 'a', type: '1', target: '../bin/sh' }], 'ambiguous'],
    ['a file named like a directory', [{ name: 'bin/sh/' }], 'ambiguous'],
    ['a file without a name', [{ name: '.' }], 'corrupt'],
    ['a link without a target', [{ name: 'a', type: '2' }], 'corrupt'],
    ['a directory with a body', [{ name: 'a/', type: '5', body: 'x' }], 'ambiguous'],
    ['a contiguous file', [{ name: 'a', type: '7' }], 'ambiguous'],
    ['a sparse file', [{ name: 'a', type: 'S' }], 'ambiguous'],
    ['a continued file', [{ name: 'a', type: 'M' }], 'ambiguous'],
    ['pax sparse records', [pax({ 'GNU.sparse.name': 'bin/sh' }), { name: 'a' }], 'ambiguous'],
    ['a global name', [pax({ path: 'bin/sh' }, 'g'), { name: 'a' }], 'ambiguous'],
    ['a global comment', [pax({ comment: 'x' }, 'g'), { name: 'a' }], 'read: a'],
    ['two records for one name', [pax({ path: 'a' }), gnuLong('L', 'b'), { name: 'c' }], 'ambiguous'],
    ['records for name and target', [gnuLong('K', 't'), gnuLong('L', 'b'), { name: 'c', type: '2' }], 'read: b'],
    ['a NUL in a long name', [gnuLong('L', 'a\0b'), { name: 'c' }], 'ambiguous'],
    ['a NUL in a pax name', [pax({ path: 'a\0b' }), { name: 'c' }], 'corrupt'],
    ['an empty pax name', [pax({ path: '' }), { name: 'c' }], 'ambiguous'],
    ['a pax size that is no number', [pax({ size: '1e3' }), { name: 'c' }], 'corrupt'],
    ['a pax size that is too large', [pax({ size: '9'.repeat(30) }), { name: 'c' }], 'corrupt'],
    ['a damaged pax record', [{ name: 'x', type: 'x', body: '99 path=a\n' }, { name: 'c' }], 'corrupt'],
    ['a name without an entry', [gnuLong('L', 'a')], 'truncated'],
    ['a name of 1 MB', [gnuLong('L', 'n'.repeat(1_000_000)), { name: 'c' }], 'limit'],
    ['a record of 2 MB', [pax({ comment: 'n'.repeat(2_000_000) }), { name: 'c' }], 'limit'],
    ['a negative size', [{ name: 'a', size: '\xff'.repeat(12) }], 'corrupt'],
    ['a size in base 256', [{ name: 'a', body: 'xyz', size: `\x80${'\0'.repeat(10)}\x03` }], 'read: a'],
    ['an impossible size', [{ name: 'a', size: `\x80${'\xff'.repeat(11)}` }], 'corrupt'],
    ['a damaged size', [{ name: 'a', size: '12x45678901\0' }], 'corrupt'],
    ['a size that lies', [{ name: 'a', body: 'x', size: 100_000 }], 'truncated'],
  ])('%s', (_, members, expected) => {
    expect(codeOf(tar(members))).toBe(expected);
  });

  test('puts the two parts of a ustar name together', () => {
    const prefixed = { name: 'sh', patch: (header: Buffer) => void header.write('usr/bin', 345, 'latin1') };
    expect(codeOf(tar([prefixed]))).toBe('read: usr/bin/sh');
  });

  test('does not take the times of GNU tar for a prefix', () => {
    const patch = (header: Buffer) => {
      header.write('ustar  \0', 257, 'latin1');
      header.write('14000000000', 345, 'latin1');
    };
    expect(codeOf(tar([{ name: 'sh', patch }]))).toBe('read: sh');
  });

  test('refuses a wrong checksum', () => {
    const archive = tar([{ name: 'a' }]);
    archive[0] ^= 1;
    expect(codeOf(archive)).toBe('corrupt');
  });

  test('refuses what goes on behind the end', () => {
    expect(codeOf(Buffer.concat([tar([{ name: 'a' }]), tar([{ name: 'bin/sh' }])]))).toBe('ambiguous');
    expect(codeOf(Buffer.concat([member({ name: 'a' }), Buffer.alloc(512), member({ name: 'bin/sh' })]))).toBe(
      'ambiguous',
    );
  });

  test('takes an archive that ends without zeros, as Go does', () => {
    const archive = member({ name: 'a', body: 'abc' });
    expect(codeOf(archive)).toBe('read: a');
    expect(codeOf(archive.subarray(0, 512 + 3))).toBe('read: a');
    expect(codeOf(archive.subarray(0, 512 + 2))).toBe('truncated');
  });

  test('notices wherever an archive is cut, except behind the body of a file', () => {
    const harmless: Array<readonly [number, number]> = [[0, 0]];
    new TarReader(({ offset, bodyOffset, sizeBytes }) => {
      const end = bodyOffset + sizeBytes;
      harmless.push([offset, offset], [end, end + ((512 - (end % 512)) % 512)]);
      return undefined;
    }).push(SAMPLE);
    for (let cut = 1; cut < SAMPLE.length - 1024; cut += 37) {
      const expected = harmless.some(([from, to]) => from <= cut && cut <= to) ? 'read' : 'truncated';
      expect([cut, codeOf(SAMPLE.subarray(0, cut)).split(':')[0]]).toEqual([cut, expected]);
    }
  });
});
