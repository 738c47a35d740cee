import { NeedleSearch, NeedleSet } from '../../../lib/layers/recognise/needle-search';
import { ROOM_BYTES, WindowScanner } from '../../../lib/layers/recognise/window-scanner';
import { TOOL_MARKERS } from '../../../lib/layers/recognise/tool-markers';

const NEEDLES = [...new Set(TOOL_MARKERS.flatMap(({ all, any }) => [...all, ...(any ?? [])]))];
const SET = new NeedleSet(NEEDLES);
const NOTHING = Buffer.alloc(0);

/** Numbers below a bound that look like chance, and are the same in every run. */
function chance(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => (state = (state * 48_271) % 0x7fffffff) % bound;
}

/** Bytes that are made of parts of needles, so that nearly everything looks like one. */
function lookalikes(next: (bound: number) => number, size: number): Buffer {
  const parts: string[] = [];
  for (let length = 0; length < size; length += parts[parts.length - 1].length) {
    const needle = NEEDLES[next(NEEDLES.length)];
    const start = next(3) === 0 ? 0 : next(needle.length);
    parts.push(next(8) === 0 ? needle : needle.slice(start, start + 1 + next(needle.length)));
  }
  return Buffer.from(parts.join(''), 'latin1');
}

function found(chunks: readonly Uint8Array[], set = SET): string[] {
  const search = new NeedleSearch(set);
  for (const chunk of chunks) {
    const borrowed = Buffer.from(chunk);
    search.push(borrowed);
    borrowed.fill(0xaa);
  }
  return NEEDLES.filter((_, index) => search.found[index] === 1);
}

function chunksOf(bytes: Buffer, next: (bound: number) => number, most: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + next(most);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}

/** The bytes somewhere in the room, among others that look like needles. */
function inRoom(bytes: Buffer, next: (bound: number) => number): Buffer {
  const room = SET.room as Buffer;
  const at = next(3) === 0 ? 0 : next(ROOM_BYTES - bytes.length);
  room.fill(lookalikes(next, 100), Math.max(0, at - 300), Math.min(at + bytes.length + 300, ROOM_BYTES));
  bytes.copy(room, at);
  return room.subarray(at, at + bytes.length);
}

describe('the search for needles', () => {
  test('finds what comparing at every place finds', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const next = chance(seed);
      const bytes = lookalikes(next, 1 + next(300));
      expect(found([bytes])).toEqual(NEEDLES.filter((needle) => bytes.includes(needle, 0, 'latin1')));
    }
  });

  test('finds the same whatever the chunks', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = chance(seed);
      const bytes = lookalikes(next, 1 + next(400));
      expect(found(chunksOf(bytes, next, 1 + next(120)))).toEqual(found([bytes]));
    }
  });

  test.each([0, 1, 2, 3])('finds each needle anywhere, %i bytes behind an even address', (shift) => {
    const missed = NEEDLES.filter((needle) => {
      for (let at = 0; at < 24; at++) {
        const memory = Buffer.alloc(4096 + shift);
        const bytes = memory.subarray(shift, shift + 96);
        bytes.write(needle, at, 'latin1');
        const marks = new Uint8Array(SET.size);
        SET.search([bytes], marks);
        if (marks[NEEDLES.indexOf(needle)] !== 1) return true;
      }
      return false;
    });
    expect(missed).toEqual([]);
  });

  test('finds needles at both ends of what is tested at a time', () => {
    const size = 64 * 1024;
    for (let at = size - 40; at < size + 40; at++) {
      const bytes = Buffer.alloc(2 * size);
      bytes.write('multi-call binary', at, 'latin1');
      expect([at, found([bytes])]).toEqual([at, ['multi-call binary']]);
    }
  });

  test('finds needles in what is nothing but windows', () => {
    const set = new NeedleSet(['aaaaa', 'aaaaab']);
    const search = new NeedleSearch(set);
    search.push(Buffer.alloc(100_000, 'a'));
    expect([...search.found]).toEqual([1, 0]);
    search.push(Buffer.from('b'));
    expect([...search.found]).toEqual([1, 1]);
  });

  test('finds the same where it lies in the room as where it is copied', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = chance(seed);
      const bytes = lookalikes(next, 1 + next(400));
      const search = new NeedleSearch(SET);
      for (const chunk of chunksOf(bytes, next, 1 + next(120))) search.push(inRoom(chunk, next));
      expect(NEEDLES.filter((_, index) => search.found[index] === 1)).toEqual(found([bytes]));
    }
  });

  test.each([0, ROOM_BYTES - 17])('finds needles at both ends of the room: %i', (at) => {
    const room = SET.room as Buffer;
    room.fill(0).write('multi-call binary', at, 'latin1');
    const marks = new Uint8Array(SET.size);
    SET.searchInPlace(NOTHING, room, marks);
    expect(NEEDLES.filter((_, index) => marks[index] === 1)).toEqual(['multi-call binary']);
  });

  test('finds nothing of what lies in the room behind the chunk', () => {
    const room = SET.room as Buffer;
    room.fill(0).write('multi-call binary', 100, 'latin1');
    const search = new NeedleSearch(SET);
    search.push(room.subarray(64, 116));
    expect([...search.found]).not.toContain(1);
    search.push(Buffer.from('y'));
    expect(NEEDLES.filter((_, index) => search.found[index] === 1)).toEqual(['multi-call binary']);
  });

  test('has room for nothing but windows', () => {
    const set = new NeedleSet(['aaaaa', 'aaaaab']);
    const marks = new Uint8Array(set.size);
    set.searchInPlace(NOTHING, (set.room as Buffer).fill('a'), marks);
    expect([...marks]).toEqual([1, 0]);
    set.searchInPlace(NOTHING, (set.room as Buffer).fill('b', ROOM_BYTES - 1), marks);
    expect([...marks]).toEqual([1, 1]);
  });

  test('finds the same in memory that threads share', () => {
    const shared = Buffer.from(new SharedArrayBuffer(100_000));
    shared.write('multi-call binary', 70_001, 'latin1');
    expect(found([shared])).toEqual(['multi-call binary']);
  });

  test.each(['', 'abcd', 'x'.repeat(20_000)])('takes no needle that it could not find: %#', (needle) => {
    expect(() => new NeedleSet(['abcde', needle])).toThrow(`a needle must have 5 to 16384 bytes, not ${needle.length}`);
  });
});

describe('where there is no WebAssembly', () => {
  beforeAll(() => {
    jest.spyOn(WindowScanner, 'for').mockReturnValue(undefined);
  });
  afterAll(() => jest.restoreAllMocks());

  test('needles are found nevertheless', () => {
    const set = new NeedleSet(NEEDLES);
    for (let seed = 1; seed <= 50; seed++) {
      const next = chance(seed);
      const bytes = lookalikes(next, 1 + next(400));
      expect(found(chunksOf(bytes, next, 1 + next(120)), set)).toEqual(found([bytes]));
    }
  });
});
