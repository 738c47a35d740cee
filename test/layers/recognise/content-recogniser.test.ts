import { ContentRecogniser, type Recognition } from '../../../lib/layers/recognise/content-recogniser';
import { TOOL_MARKERS } from '../../../lib/layers/recognise/tool-markers';

/** An executable of the given strings, with section headers so that it does not look packed. */
function elf(...strings: string[]): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeBigUInt64LE(4096n, 0x28);
  return Buffer.concat([header, Buffer.alloc(1000, 0x90), ...strings.map((text) => Buffer.from(text, 'latin1'))]);
}

/** Writes a program header for a segment that is loaded. */
function segment(bytes: Buffer, at: number, { flags, start, size }: Record<'flags' | 'start' | 'size', number>): void {
  bytes.writeUInt32LE(1, at);
  bytes.writeUInt32LE(flags, at + 4);
  bytes.writeBigUInt64LE(BigInt(start), at + 8);
  bytes.writeBigUInt64LE(BigInt(size), at + 32);
}

function recognise(bytes: Buffer, chunkSize = bytes.length): Recognition {
  const recogniser = new ContentRecogniser();
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const borrowed = Buffer.from(bytes.subarray(at, at + chunkSize));
    const more = recogniser.push(borrowed);
    borrowed.fill(0xaa);
    if (!more) break;
  }
  return recogniser.finish();
}

const DASH = elf('esac\0elif\0then\0getopts\0', '%s unexpected (expecting %s)\0Syntax error: %s');

describe('the content recogniser', () => {
  test.each(TOOL_MARKERS.map((marker) => [marker.kind, marker] as const))('finds %s by its marker', (kind, marker) => {
    const bytes = elf(...marker.all, ...(marker.any ?? []).slice(0, 1));
    expect(recognise(bytes).tools).toContainEqual({ category: marker.category, kind });
  });

  test.each([1, 2, 3, 5, 7, 13, 511, 512, 513, 1063])(
    'finds markers across the borders of chunks of %i bytes',
    (size) => {
      expect(recognise(DASH, size).tools).toEqual([{ category: 'shell', kind: 'dash' }]);
    },
  );

  test('finds markers wherever the border of two large chunks cuts them, though the memory of the first is used again', () => {
    const start = DASH.indexOf('esac');
    const cuts = Array.from({ length: DASH.length - start }, (_, i) => start + i);
    const missed = cuts.filter((cut) => recognise(DASH, cut).tools.length === 0);
    expect(missed).toEqual([]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('finds a marker that is shifted by %i bytes', (shift) => {
    const bytes = elf('x'.repeat(shift), '@(#)Bash version 5', '\0'.repeat(shift));
    expect(recognise(bytes).tools).toEqual([{ category: 'shell', kind: 'bash' }]);
    expect(recognise(Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift)).tools).toHaveLength(1);
  });

  test('says more than "some POSIX shell" where it can', () => {
    expect(recognise(elf('esac\0elif\0then\0unalias\0')).tools).toEqual([{ category: 'shell', kind: 'posix-sh' }]);
    expect(recognise(DASH).tools).toEqual([{ category: 'shell', kind: 'dash' }]);
  });

  test('finds a shell whose texts lie among its instructions, though it has constants elsewhere', () => {
    const bytes = Buffer.concat([elf('nothing here'), DASH]);
    bytes.set([64, 0, 0, 0, 0, 0, 0, 0], 0x20); // program headers behind the header
    bytes.set([56, 0, 2, 0], 0x36);
    segment(bytes, 64, { flags: 4, start: 0, size: 1064 });
    segment(bytes, 120, { flags: 5, start: 1076, size: DASH.length });
    expect(recognise(bytes).tools).toEqual([{ category: 'shell', kind: 'dash' }]);
  });

  test('finds a shell in a library', () => {
    const bytes = elf('BusyBox v1.36.1', '\0multi-call binary');
    bytes.writeUInt16LE(3, 0x10); // a shared object
    expect(recognise(bytes).tools).toEqual([{ category: 'shell', kind: 'busybox' }]);
  });

  test('does not take the name of a shell for a shell', () => {
    expect(recognise(elf('/bin/sh\0', 'GNU bash', 'then\0else\0')).tools).toEqual([]);
  });

  test('does not look for markers in what nothing executes', () => {
    expect(recognise(Buffer.from('@(#)Bash version 5, says the manual')).tools).toEqual([]);
  });

  test('finds the package managers that are compiled into busybox', () => {
    const kinds = recognise(elf('BusyBox v1.36', 'multi-call binary', '\0dpkg\0', '\0rpm\0')).tools.map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['busybox', 'dpkg', 'rpm']);
  });

  test.each([
    ['', 'empty', undefined],
    ['#!/bin/sh -e\necho', 'script', '/bin/sh'],
    ['#! /usr/bin/env python3\n', 'script', '/usr/bin/env'],
    ['#!\n', 'script', undefined],
    ['hello', 'text', undefined],
    ['a\0b', 'data', undefined],
    ['MZ\x90', 'pe', undefined],
    ['\0asm\x01', 'wasm', undefined],
    ['\xca\xfe\xba\xbe\0\0\0\x02', 'mach-o', undefined],
    ['\xca\xfe\xba\xbe\0\0\0\x41', 'data', undefined],
    ['\x1f\x8b\x08', 'archive', undefined],
  ])('tells what %j is', (content, type, interpreter) => {
    expect(recognise(Buffer.from(content, 'latin1'))).toMatchObject(interpreter ? { type, interpreter } : { type });
  });

  test('wants no more of a text than its beginning', () => {
    expect(new ContentRecogniser().push(Buffer.alloc(512, 'a'))).toBe(false);
    expect(new ContentRecogniser().push(Buffer.alloc(511, 'a'))).toBe(true);
    expect(new ContentRecogniser().push(elf())).toBe(true);
  });
});
