import { crc32, gzipSync } from 'node:zlib';
import { gzipDecoder } from '../../../lib/layers/decode/gzip-decoder';
import { InspectionError } from '../../../lib/layers/inspection-error';

const FLAGS = { checksum: 0x02, extra: 0x04, name: 0x08, comment: 0x10 };

/** A member that says everything in its header that can be said there. */
function memberWithFields(text: string): Buffer {
  const packed = gzipSync(text);
  const header = Buffer.concat([packed.subarray(0, 10), Buffer.from('\x03\x00abcname\0comment\0', 'latin1')]);
  header[3] = FLAGS.checksum | FLAGS.extra | FLAGS.name | FLAGS.comment;
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc32(header) & 0xffff);
  return Buffer.concat([header, checksum, packed.subarray(10)]);
}

/** What a stream unpacks to when it comes in chunks of a size, or the code of the refusal. */
function unpacked(stream: Buffer, size: number): string {
  const parts: Buffer[] = [];
  const decoder = gzipDecoder((chunk) => parts.push(Buffer.from(chunk)));
  try {
    for (let at = 0; at < stream.length; at += size) decoder.push(stream.subarray(at, at + size));
    decoder.finish();
    return Buffer.concat(parts).toString('latin1');
  } catch (error) {
    if (InspectionError.isInspectionError(error)) return error.code;
    throw error;
  }
}

const SIZES = [1, 2, 7, 64, 4096];
const stream = Buffer.concat([gzipSync('one '), memberWithFields('two '), gzipSync(''), gzipSync('three')]);

describe.each(SIZES)('gzip in chunks of %i bytes', (size) => {
  test('members are strung together, whatever their headers say', () => {
    expect(unpacked(stream, size)).toBe('one two three');
  });

  test('zeros may follow, and nothing else', () => {
    expect(unpacked(Buffer.concat([stream, Buffer.alloc(20)]), size)).toBe('one two three');
    expect(unpacked(Buffer.concat([stream, Buffer.from('rest')]), size)).toBe('corrupt');
    expect(unpacked(Buffer.concat([stream, Buffer.from('\0\0rest')]), size)).toBe('ambiguous');
  });

  test('fails when a trailer does not fit', () => {
    for (const fromEnd of [1, 5]) {
      const damaged = Buffer.from(stream);
      damaged[damaged.length - fromEnd] ^= 1;
      expect(unpacked(damaged, size)).toBe('corrupt');
    }
  });
});

test('fails wherever a member is cut', () => {
  const member = memberWithFields('text');
  for (let length = 1; length < member.length; length++)
    expect(unpacked(member.subarray(0, length), 5)).toBe('truncated');
});

test('fails when a header does not have its checksum', () => {
  const member = memberWithFields('text');
  member[12] ^= 1;
  expect(unpacked(member, 64)).toBe('corrupt');
});

test('fails on a header that never ends, without keeping all of it', () => {
  const header = Buffer.concat([gzipSync('').subarray(0, 10), Buffer.alloc(1_000_000, 'a')]);
  header[3] = FLAGS.name;
  expect(unpacked(header, 4096)).toBe('unsupported');
});
