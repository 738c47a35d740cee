import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DistrolessBase, DockerfileImage } from '../../lib';
import type { DockerfileImageProps } from '../../lib';
import { freshStack, sourceDirectory } from './source-directory';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const BUILD = 'FROM golang:1.26-trixie AS build\nRUN go build -o /out/app .\n';
const GOOD = `${BUILD}FROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]\n`;

function define(dockerfile: string, props: Partial<DockerfileImageProps> = {}): DockerfileImage {
  return new DockerfileImage(freshStack(), 'Web', { directory: sourceDirectory({ Dockerfile: dockerfile }), ...props });
}

test('an image on a distroless base is taken as it is', () => {
  const image = define(GOOD);
  expect(image.dockerfile).toBe(GOOD);
  expect(image.base).toBe(DistrolessBase.STATIC);
  expect(image.asset.node.metadata.find(({ type }) => type === 'cdk-distroless:image')?.data).toMatchObject({
    assetHash: image.asset.assetHash,
    displayPath: expect.stringMatching(/distroless-images-\w+\/Dockerfile$/),
  });
});

test('the target that is built is the one that is judged', () => {
  expect(() => define(GOOD, { target: 'build' })).toThrow('golang');
  expect(() =>
    define(`${GOOD.replace('nonroot\n', 'nonroot AS app\n')}FROM alpine AS debug\n`, { target: 'app' }),
  ).not.toThrow();
});

test('a build argument decides what is judged', () => {
  const dockerfile = 'ARG BASE=gcr.io/distroless/static-debian13:nonroot\nFROM $BASE\n';
  expect(() => define(dockerfile)).not.toThrow();
  expect(() => define(dockerfile, { buildArgs: { BASE: 'alpine' } })).toThrow('alpine');
});

test('a declared mirror is seen through', () => {
  const mirrors = { 'gcr.io/distroless': 'registry.example.com/distroless' };
  const dockerfile = 'FROM registry.example.com/distroless/static-debian13:nonroot\n';
  expect(() => define(dockerfile, { mirrors })).not.toThrow();
  expect(() => define(dockerfile)).toThrow('cannot be proved');
});

test('the user can answer for a base that the catalogue does not know, and not for one that has a shell', () => {
  const base = DistrolessBase.custom('registry.example.com/base:1');
  const image = define('FROM registry.example.com/base:1\n', { base });
  expect(image.base).toBe(base);
  expect(() => define('FROM registry.example.com/other:1\n', { base })).toThrow('cannot be proved');
  expect(() => define('FROM alpine\n', { base: DistrolessBase.custom('alpine') })).toThrow(
    'makes no image without a shell',
  );
});

test('what cannot be proved is refused, unless it is allowed', () => {
  const dockerfile = `FROM gcr.io/distroless/static-debian13@${DIGEST}\n`;
  expect(() => define(dockerfile)).toThrow(/Web\/Web: .*Dockerfile cannot be proved to make an image without a shell/);
  expect(() => define(dockerfile, { allowUnproven: true })).not.toThrow();
});

test('an ignore file of the Dockerfile’s own is honoured', () => {
  const directory = sourceDirectory({ Dockerfile: GOOD, 'Dockerfile.dockerignore': 'notes\n', notes: 'old' });
  const hash = () => new DockerfileImage(freshStack(), 'Web', { directory }).asset.assetHash;
  const before = hash();
  writeFileSync(join(directory, 'notes'), 'new');
  expect(hash()).toBe(before);
});

describe('a shell is refused with the line that brings it and what to do', () => {
  test('as a compiler does', () => {
    const dockerfile =
      'FROM busybox:1.37 AS tools\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=tools /bin/busybox /bin/sh\n';
    const lines = (() => {
      try {
        define(dockerfile);
        return [];
      } catch (error) {
        return (error as Error).message.replace(/\S*\/Dockerfile/g, 'Dockerfile').split('\n');
      }
    })();
    expect(lines[0]).toBe('Web/Web: Dockerfile makes no image without a shell');
    expect(lines).toContain('    Dockerfile:3   COPY --from=tools /bin/busybox /bin/sh');
    expect(lines).toContain('    Dockerfile:1   FROM busybox:1.37 AS tools');
  });

  test.each<[string, string, string]>([
    ['a base with a shell', 'FROM node:24\n', 'fix: use gcr.io/distroless/nodejs24-debian13:nonroot'],
    [
      'a debug variant',
      'FROM gcr.io/distroless/static-debian13:debug\n',
      'Dockerfile:1   FROM gcr.io/distroless/static-debian13:debug',
    ],
    [
      'an entrypoint in shell form',
      'FROM gcr.io/distroless/static-debian13:nonroot\nENTRYPOINT /app\n',
      'ENTRYPOINT needs a shell to start',
    ],
    [
      'a command in shell form',
      'FROM gcr.io/distroless/static-debian13:nonroot\nCMD ["/app",]\n',
      'fix: write it as CMD ["program", "argument"]',
    ],
    ['a Dockerfile that cannot be built', 'FRM x\n', 'it cannot be built:'],
  ])('%s', (_, dockerfile, message) => {
    expect(() => define(dockerfile)).toThrow(message);
  });
});

describe('a wrong prop is refused with path, prop, value and change', () => {
  test.each<[Partial<DockerfileImageProps>, string]>([
    [{ directory: '/does/not/exist' }, "Web/Web: directory '/does/not/exist': there is no such directory"],
    [{ file: 'docker/Dockerfile' }, "Web/Web: file 'docker/Dockerfile': there is no such file in"],
    [{ invalidation: { target: false } }, 'invalidation.target false'],
  ])('%j', (props, message) => {
    expect(() => define(GOOD, props)).toThrow(message);
  });
});
