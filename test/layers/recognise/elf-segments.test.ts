import { ELF_HEAD_BYTES, mapElf } from '../../../lib/layers/recognise/elf-segments';
import { elf } from '../fixtures/elf-builder';

const READ = 4;
const EXECUTE = 1;
const SEGMENTS = [
  { flags: READ, bytes: Buffer.alloc(100) },
  { flags: READ | EXECUTE, bytes: Buffer.alloc(3000) },
  { flags: READ | 2, bytes: Buffer.alloc(50) },
];

describe('the map of an ELF file', () => {
  test.each([
    [64, true],
    [64, false],
    [32, true],
    [32, false],
  ] as const)('tells where the instructions lie, %i bits, little endian: %s', (bits, littleEndian) => {
    const file = elf(SEGMENTS, { bits, littleEndian });
    const map = mapElf(file.subarray(0, ELF_HEAD_BYTES));
    expect(map?.code).toMatchObject([{ start: 1124, end: 4124 }]);
    expect(map).toMatchObject({ sections: true, appended: { start: file.length } });
  });

  test('tells a file without section headers, and what lies behind its segments', () => {
    const map = mapElf(elf(SEGMENTS, { sections: false, appended: Buffer.alloc(9) }));
    expect(map).toMatchObject({ sections: false, appended: { start: 4174 } });
  });

  test('does not take sections for something appended where their headers come first, as those of Go do', () => {
    const file = elf(SEGMENTS);
    file.writeBigUInt64LE(500n, 0x28);
    expect(mapElf(file)?.appended).toBeUndefined();
  });

  test.each([4000n, 2n ** 63n])(
    'takes all of a file for instructions whose program headers are elsewhere: %i',
    (at) => {
      const file = elf(SEGMENTS);
      file.writeBigUInt64LE(at, 0x20);
      expect(mapElf(file.subarray(0, ELF_HEAD_BYTES))?.code).toMatchObject([{ start: 0, end: Infinity }]);
    },
  );

  test.each([0, 16, 63])('has nothing to say of %i bytes', (length) => {
    expect(mapElf(elf(SEGMENTS).subarray(0, length))).toBeUndefined();
  });

  test('knows the two classes only', () => {
    const file = elf(SEGMENTS);
    file[4] = 3;
    expect(mapElf(file)).toBeUndefined();
  });
});
