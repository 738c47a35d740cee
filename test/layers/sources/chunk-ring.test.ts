import { ChunkRing } from '../../../lib/layers/sources/chunk-ring';
import { RingReader } from '../../../lib/layers/sources/ring-reader';
import { RingWriter } from '../../../lib/layers/sources/ring-writer';

/** What a reader takes of all that was written, with what it says of the end. */
function readBack(ring: ChunkRing): { complete: boolean; taken: string[] } {
  const taken: string[] = [];
  const complete = new RingReader(ring).readAll((kind, chunk) =>
    taken.push(`${kind} ${Buffer.from(chunk).toString()}`),
  );
  return { complete, taken };
}

describe('the ring between two threads', () => {
  let ring: ChunkRing;
  beforeEach(() => (ring = new ChunkRing(ChunkRing.allocate())));

  test('hands chunks over in their order, of both kinds', () => {
    const writer = new RingWriter(ring);
    for (let i = 0; i < 10; i++) {
      writer.write('stored', Buffer.from(`s${i}`));
      writer.write('unpacked', Buffer.from(`u${i}`));
    }
    writer.end('end');
    const numbers = Array.from({ length: 10 }, (_, i) => i);
    expect(readBack(ring)).toEqual({
      complete: true,
      taken: numbers.flatMap((i) => [`stored s${i}`, `unpacked u${i}`]),
    });
  });

  test('lets the reader do something else while there is nothing', () => {
    const writer = new RingWriter(ring);
    const done: string[] = [];
    const meanwhile = (): boolean => {
      done.push('a little');
      if (done.length % 3 === 0) writer.write('stored', Buffer.from(`s${done.length}`));
      if (done.length === 9) writer.end('end');
      return done.length < 9;
    };
    new RingReader(ring).readAll((kind, chunk) => done.push(`${kind} ${Buffer.from(chunk).toString()}`), meanwhile);
    const little = 'a little';
    expect(done).toEqual([
      ...[little, little, little],
      'stored s3',
      little,
      little,
      'stored s6',
      little,
      little,
      'stored s9',
    ]);
  });

  test('divides a chunk that is larger than a slot', () => {
    const writer = new RingWriter(ring);
    const size = writer.room('unpacked').length;
    const bytes = Buffer.alloc(2 * size + 5, 'abc');
    writer.write('unpacked', bytes);
    writer.end('end');
    const parts: Buffer[] = [];
    new RingReader(ring).readAll((_, chunk) => parts.push(Buffer.from(chunk)));
    expect(parts.map(({ length }) => length)).toEqual([size, size, 5]);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  test('takes what was put where it asked for it without copying', () => {
    const writer = new RingWriter(ring);
    const room = writer.room('stored');
    room.write('here');
    writer.write('stored', room.subarray(0, 4));
    writer.end('end');
    expect(readBack(ring).taken).toEqual(['stored here']);
  });

  test('tells an end from a beginning that was given up', () => {
    const writer = new RingWriter(ring);
    writer.write('stored', Buffer.from('x'));
    writer.end('abandoned');
    expect(readBack(ring)).toEqual({ complete: false, taken: ['stored x'] });
  });

  test('takes no more once the reader has stopped', () => {
    const writer = new RingWriter(ring);
    expect(writer.write('stored', Buffer.from('x'))).toBe(true);
    new RingReader(ring).stop();
    expect(writer.write('stored', Buffer.alloc(10_000_000))).toBe(false);
    expect(() => writer.waitUntilStopped()).not.toThrow();
  });

  test('is empty again when it is reset', () => {
    const writer = new RingWriter(ring);
    writer.write('stored', Buffer.from('old'));
    writer.end('end');
    readBack(ring);
    ring.reset();
    const next = new RingWriter(ring);
    next.write('unpacked', Buffer.from('new'));
    next.end('end');
    expect(readBack(ring)).toEqual({ complete: true, taken: ['unpacked new'] });
  });
});
