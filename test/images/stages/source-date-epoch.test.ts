import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoImageProps } from '../../../lib';
import { BinaryImage, DistrolessBase, GoImage } from '../../../lib';
import { freshStack, instructions, sourceDirectory } from '../source-directory';

const PROJECT = { 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n', 'static/index.html': '' };

function go(props: Partial<GoImageProps>): GoImage {
  return new GoImage(freshStack(), 'Api', { directory: sourceDirectory(PROJECT), ...props });
}

describe('the time of the files', () => {
  test('is given to whole trees, as COPY would make directories of its own time', () => {
    const lines = instructions(go({ sourceDateEpoch: 1_700_000_000, extraFiles: ['static'] }).dockerfile);
    const image = lines.slice(lines.lastIndexOf('FROM gcr.io/distroless/static-debian13:nonroot'));
    expect(image.slice(1, 3)).toEqual(['COPY --from=build-files /image/0/ /', 'COPY --from=context-files /image/1/ /']);
    expect(lines).toContain('COPY --from=build /app/main /image/0/app/main');
    expect(lines).toContain('COPY static /image/1/app/static');
    expect(lines).toContain('RUN find /image -exec touch --no-dereference --date=@1700000000 {} +');
  });

  test('is told to the build', () => {
    const image = go({ sourceDateEpoch: 0, buildArgs: { STAGE: 'prod' } });
    expect(instructions(image.dockerfile)).toContain('ARG SOURCE_DATE_EPOCH');
    expect(image.dockerfile).toContain('--date=@0 ');
  });

  test('is no concern of images that do not ask for it', () => {
    expect(go({}).dockerfile).not.toMatch(/touch|SOURCE_DATE_EPOCH/);
  });

  test('fails for what is not a number of seconds', () => {
    expect(() => go({ sourceDateEpoch: 1.5 })).toThrow(/sourceDateEpoch 1.5: it is no number of seconds/);
    expect(() => go({ sourceDateEpoch: -1 })).toThrow(/sourceDateEpoch -1/);
    expect(() => go({ buildArgs: { SOURCE_DATE_EPOCH: '1' } })).toThrow(/it has a prop; use sourceDateEpoch/);
  });

  test('is given by a plain Debian where nothing is built', () => {
    const elf = Buffer.alloc(64);
    elf.write('\x7fELF\x02\x01', 'latin1');
    elf.writeUInt16LE(0x3e, 18);
    const directory = sourceDirectory({});
    writeFileSync(join(directory, 'tool'), elf, { mode: 0o755 });
    const { dockerfile } = new BinaryImage(freshStack(), 'Api', { directory, binary: 'tool', sourceDateEpoch: 1 });
    expect(instructions(dockerfile)[0]).toBe('FROM --platform=$BUILDPLATFORM debian:trixie-slim AS context-files');
  });
});

describe('the time zone', () => {
  test('is told to the program', () => {
    expect(go({ timeZone: 'Europe/Berlin' }).dockerfile).toContain('ENV TZ=Europe/Berlin');
  });

  test('fails when there is none of the name, or the base has none', () => {
    expect(() => go({ timeZone: 'Berlin' })).toThrow(/timeZone 'Berlin': there is no such time zone/);
    expect(() => go({ timeZone: 'Europe/Berlin', base: DistrolessBase.SCRATCH })).toThrow(/scratch has no time zones/);
  });
});

describe('the labels', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  test('say what the image is based on, and its digest when that is known', () => {
    expect(go({}).dockerfile).toContain(
      'LABEL org.opencontainers.image.base.name=gcr.io/distroless/static-debian13:nonroot\n',
    );
    expect(go({ base: DistrolessBase.STATIC.pinnedTo(digest) }).dockerfile).toContain(
      `org.opencontainers.image.base.name=gcr.io/distroless/static-debian13:nonroot \\\n    org.opencontainers.image.base.digest=${digest}`,
    );
  });
});
