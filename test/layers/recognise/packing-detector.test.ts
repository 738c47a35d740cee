import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ContentRecogniser, type Recognition } from '../../../lib/layers/recognise/content-recogniser';
import { elf, type ElfOptions } from '../fixtures/elf-builder';

/** Looks compressed, and is the same in every run. */
const NOISE = noise(96 * 1024);
/** As machine code looks: some bytes are far more frequent than others. */
const CODE = Buffer.from(NOISE.map((byte, i) => (i % 3 === 0 ? byte & 0x48 : byte & 0x3f)));

function noise(size: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length: size }, () => (state = (state * 48_271) % 0x7fffffff) >> 8));
}

function program({ code = CODE, constants = CODE, ...options }: { code?: Buffer; constants?: Buffer } & ElfOptions) {
  const segments = [
    { flags: 4, bytes: Buffer.alloc(200) },
    { flags: 5, bytes: code },
    { flags: 4, bytes: constants },
  ];
  return elf(segments, options);
}

function recognise(bytes: Buffer, chunkSize = 10_000): Recognition {
  const recogniser = new ContentRecogniser();
  for (let at = 0; at < bytes.length; at += chunkSize) recogniser.push(bytes.subarray(at, at + chunkSize));
  return recogniser.finish();
}

describe('packed executables', () => {
  test('a plain program is not one', () => {
    expect(recognise(program({})).unproven).toBeUndefined();
    expect(recognise(program({ sections: false })).unproven).toBeUndefined();
  });

  test.each([1024, 1025, 4096, 5000, 200_000])(
    'instructions that look like chance are told, in chunks of %i',
    (size) => {
      expect(recognise(program({ code: NOISE }), size).unproven).toMatch(/^packed executable: its instructions/);
    },
  );

  test('a small one is told too, also when it says that it is large', () => {
    const bytes = program({ code: NOISE.subarray(0, 24 * 1024), constants: Buffer.alloc(0), sections: false });
    expect(recognise(bytes).unproven).toMatch(/^packed executable: it/);
    bytes.writeBigUInt64LE(0xffff_ffffn, 64 + 56 + 32);
    expect(recognise(bytes).unproven).toMatch(/^packed executable: it/);
  });

  test('a large one is told behind a megabyte of plain instructions, the same in chunks of any size', () => {
    const plain = Array<Buffer>(11).fill(CODE);
    const packed = Array<Buffer>(50).fill(NOISE);
    const bytes = program({ code: Buffer.concat([...plain, ...packed]) });
    expect(recognise(bytes).unproven).toMatch(/its instructions/);
    const mostlyPlain = program({ code: Buffer.concat([...plain, ...plain, ...packed.slice(0, 22)]) });
    expect(recognise(mostlyPlain).unproven).toBeUndefined();
    for (const size of [4099, 65_536, 262_144]) {
      expect(recognise(bytes, size)).toEqual(recognise(bytes));
      expect(recognise(mostlyPlain, size)).toEqual(recognise(mostlyPlain));
    }
  });

  test('constants that look like chance are no sign: character tables do', () => {
    expect(recognise(program({ constants: NOISE })).unproven).toBeUndefined();
  });

  test('they are one where there are no section headers', () => {
    const bytes = program({ code: CODE.subarray(0, 2048), constants: NOISE, sections: false });
    expect(recognise(bytes).unproven).toMatch(/no section headers/);
  });

  test('section headers that were made up hide nothing', () => {
    const bytes = program({ code: NOISE, sections: false });
    bytes.writeBigUInt64LE(0xffffffffn, 0x28);
    expect(recognise(bytes).unproven).toMatch(/its instructions/);
  });

  test('the mark of UPX is enough', () => {
    const bytes = program({});
    bytes.write('UPX!', 236, 'latin1');
    expect(recognise(bytes).unproven).toMatch(/UPX/);
  });
});

describe('self-extracting executables', () => {
  test('a packed archive behind a program is told', () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `entry ${i * i} of ${NOISE[i % NOISE.length]}`).join('\n');
    expect(recognise(program({ appended: gzipSync(text) })).unproven).toMatch(/^self-extracting executable/);
  });

  test('an encrypted one is told', () => {
    expect(recognise(program({ appended: randomBytes(64 * 1024) })).unproven).toMatch(/^self-extracting executable/);
  });

  test('a few bytes of a signature are no archive', () => {
    expect(recognise(program({ appended: NOISE.subarray(0, 700) })).unproven).toBeUndefined();
  });

  test('what is appended and not packed is searched like the rest', () => {
    const appended = Buffer.concat([CODE, Buffer.from('@(#)Bash version 5.2')]);
    expect(recognise(program({ appended }))).toMatchObject({
      tools: [{ category: 'shell', kind: 'bash' }],
      unproven: undefined,
    });
  });

  test('an AppImage is told by its mark', () => {
    const bytes = program({});
    bytes.write('AI\x02', 8, 'latin1');
    expect(recognise(bytes).unproven).toMatch(/AppImage/);
  });

  test('a program of PyInstaller is told by the end of its archive', () => {
    const appended = Buffer.concat([CODE, Buffer.from('MEI\x0c\x0b\x0a\x0b\x0e\0\0\0\x58', 'latin1')]);
    expect(recognise(program({ appended })).unproven).toMatch(/PyInstaller/);
  });
});

describe('archives', () => {
  test('are no programs: nothing in them runs without something that unpacks it', () => {
    expect(recognise(gzipSync(program({ code: NOISE })))).toEqual({ type: 'archive', tools: [] });
    expect(recognise(Buffer.from('PK\x03\x04 classes and libraries'))).toEqual({ type: 'archive', tools: [] });
  });

  test('a script that unpacks itself is a script, which needs its interpreter', () => {
    const script = Buffer.concat([Buffer.from('#!/bin/sh\ntail -n +3 "$0" | tar xz\nexit\n'), gzipSync(NOISE)]);
    expect(recognise(script)).toEqual({ type: 'script', tools: [], interpreter: '/bin/sh' });
  });
});
