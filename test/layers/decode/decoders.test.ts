import { execFileSync, spawnSync } from 'node:child_process';
import { gunzipSync, gzipSync, constants } from 'node:zlib';
import { compressionOf, type Compression } from '../../../lib/layers/decode/compression';
import { decoderFor } from '../../../lib/layers/decode/decoder-for';
import { WholeGzipDecoder } from '../../../lib/layers/decode/gzip-decoder';
import { ZstdWasmDecoder } from '../../../lib/layers/decode/zstd-wasm-decoder';
import type { Decoder, Emit } from '../../../lib/layers/decode/decoder';
import { InspectionError } from '../../../lib/layers/inspection-error';

type Chance = (bound: number) => number;

/** Numbers below a bound that look like chance, and are the same in every run. */
function chance(seed: number): Chance {
  let state = seed;
  return (bound) => (state = (state * 48_271) % 0x7fffffff) % bound;
}

/** Bytes that pack somewhat: runs, repetitions and noise. */
function compressible(next: Chance, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const length = Math.min(size - at, 1 + next(200));
    const kind = next(3);
    if (kind === 0) bytes.fill(next(256), at, at + length);
    else if (kind === 1 && at > 0) bytes.copy(bytes, at, Math.max(0, at - 1 - next(at)), at);
    else for (let i = at; i < at + length; i++) bytes[i] = next(256);
    at += length;
  }
  return bytes;
}

function unpack(packed: Buffer, create: (emit: Emit) => Decoder, chunk: () => number): Buffer | string {
  const parts: Buffer[] = [];
  try {
    const decoder = create((bytes) => parts.push(Buffer.from(bytes)));
    for (let at = 0; at < packed.length;) {
      const end = at + chunk();
      const borrowed = Buffer.from(packed.subarray(at, end));
      decoder.push(borrowed);
      borrowed.fill(0xaa);
      at = end;
    }
    decoder.finish();
    return Buffer.concat(parts);
  } catch (error) {
    if (InspectionError.isInspectionError(error)) return error.code;
    throw error;
  }
}

const HAS_ZSTD = spawnSync('zstd', ['--version']).status === 0;
const zstd = (input: Buffer, ...options: string[]) => execFileSync('zstd', ['-c', '-q', ...options], { input });

const GZIP = (emit: Emit) => decoderFor('gzip', emit);
const DECODERS: Record<string, readonly [(emit: Emit) => Decoder, (bytes: Buffer, next: Chance) => Buffer]> = {
  gzip: [
    GZIP,
    (bytes, next) =>
      gzipSync(bytes, { level: next(10), memLevel: 1 + next(9), strategy: next(5), windowBits: 9 + next(7) }),
  ],
  'gzip by the public interface': [(emit) => new WholeGzipDecoder(emit), (bytes) => gzipSync(bytes)],
  ...(HAS_ZSTD && {
    zstd: [(emit: Emit) => decoderFor('zstd', emit), (bytes: Buffer) => zstd(bytes)],
    'zstd in WebAssembly': [(emit: Emit) => new ZstdWasmDecoder(emit), (bytes: Buffer) => zstd(bytes, '--check')],
  }),
};

describe.each(Object.entries(DECODERS))('%s', (name, [create, pack]) => {
  const rounds = name.startsWith('zstd') ? 12 : 60;

  test('unpacks what was packed, in chunks of any size', () => {
    for (let seed = 1; seed <= rounds; seed++) {
      const next = chance(seed);
      const bytes = compressible(next, next(100_000));
      const packed = pack(bytes, next);
      for (const most of [1 + next(40), 1 + next(5_000), packed.length + 1]) {
        const unpacked = unpack(packed, create, () => 1 + next(most));
        expect([seed, most, bytes.equals(unpacked as Buffer)]).toEqual([seed, most, true]);
      }
    }
  });

  test('unpacks one part behind the other, wherever the chunks end', () => {
    const next = chance(7);
    const parts = [compressible(next, 3_000), Buffer.alloc(0), compressible(next, 70_000), compressible(next, 1)];
    const packed = Buffer.concat(parts.map((part) => pack(part, next)));
    for (const size of [1, 2, 3, 7, 17, 18, 19, 64, 1_000]) {
      expect([size, Buffer.concat(parts).equals(unpack(packed, create, () => size) as Buffer)]).toEqual([size, true]);
    }
  });

  test('notices wherever the stream is cut', () => {
    const next = chance(3);
    const packed = pack(compressible(next, 5_000), next);
    for (let end = 1; end < packed.length; end += 1 + next(90)) {
      expect([end, unpack(packed.subarray(0, end), create, () => 500)]).toEqual([end, 'truncated']);
    }
  });

  test('unpacks no more than 256 KiB at a time from a bomb', () => {
    const packed = pack(Buffer.alloc(20_000_000), chance(5));
    let largest = 0;
    const decoder = create((bytes) => (largest = Math.max(largest, bytes.length)));
    decoder.push(packed);
    decoder.finish();
    expect(largest).toBeLessThanOrEqual(name.includes('public') ? 20_000_000 : 256 * 1024);
  });
});

describe('gzip that is damaged', () => {
  test('is refused, or is no other than before, whichever bit is wrong', () => {
    const next = chance(11);
    const bytes = compressible(next, 2_000);
    const packed = gzipSync(bytes);
    for (let bit = 0; bit < packed.length * 8; bit += 1 + next(20)) {
      const copy = Buffer.from(packed);
      copy[bit >> 3] ^= 1 << (bit & 7);
      const unpacked = unpack(copy, GZIP, () => 333);
      expect([bit, typeof unpacked === 'string' || bytes.equals(unpacked)]).toEqual([bit, true]);
    }
  });

  test.each<[string, (packed: Buffer) => Buffer]>([
    ['a method that is not deflate', (packed) => (packed.writeUInt8(7, 2), packed)],
    ['flags that nobody has defined', (packed) => (packed.writeUInt8(0xe0, 3), packed)],
    ['a wrong checksum', (packed) => (packed.writeUInt32LE(1, packed.length - 8), packed)],
    ['a wrong length', (packed) => (packed.writeUInt32LE(1, packed.length - 4), packed)],
    ['a block of no type', (packed) => (packed.writeUInt8(7, 10), packed)],
    ['bytes behind it that are no member', (packed) => Buffer.concat([packed, Buffer.from('tail')])],
  ])('is refused with %s, as node:zlib does or more strictly', (_, damage) => {
    const packed = damage(gzipSync('some text that is packed'));
    expect(unpack(packed, GZIP, () => 1_000)).toBe('corrupt');
    expect(unpack(packed, GZIP, () => 1)).toBe('corrupt');
  });

  test('may be filled up with zeros', () => {
    const packed = Buffer.concat([gzipSync('text'), Buffer.alloc(5_000)]);
    expect(unpack(packed, GZIP, () => 7)).toEqual(gunzipSync(packed));
  });

  test('may be flushed in between', () => {
    const packed = gzipSync(Buffer.alloc(100_000, 'abc'), { finishFlush: constants.Z_FINISH, chunkSize: 64 });
    expect(unpack(packed, GZIP, () => 11)).toEqual(Buffer.alloc(100_000, 'abc'));
  });
});

test.each<[string, Compression]>([
  ['\x1f\x8b\x08\0\0\0', 'gzip'],
  ['\x28\xb5\x2f\xfd\0\0', 'zstd'],
  ['\x50\x2a\x4d\x18\0\0', 'zstd'],
  ['\x5f\x2a\x4d\x18\0\0', 'zstd'],
  ['BZh91A', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
  ['etc/pa', 'none'],
  ['\x1f', 'none'],
  ['', 'none'],
])('%j begins something packed with %s', (head, compression) => {
  expect(compressionOf(Buffer.from(head, 'latin1'))).toBe(compression);
});
