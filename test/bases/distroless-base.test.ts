import { BaseLibc, BaseRuntime, BuildTool, DistrolessBase } from '../../lib/bases/distroless-base';
import { recognise } from '../../lib/bases/recognise';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const ALL = Object.entries(DistrolessBase.all());

describe('the bases that are offered by name', () => {
  test.each(ALL)('%s is distroless by the catalogue, which agrees on its facts', (_name, base) => {
    const verdict = recognise(base.reference);
    expect(verdict).toMatchObject({ kind: 'distroless', family: base.family, user: base.user });
    expect(verdict.entrypoint).toEqual(base.entrypoint);
    expect(verdict.endOfLife).toBe(base.endOfLife);
  });

  test.each(ALL)('%s is still supported when the catalogue was made', (_name, base) => {
    expect(base.endOfLife ?? '9999').not.toMatch(/^20(1\d|2[0-6])-/);
  });

  test('Google images do not run as root', () => {
    const google = ALL.filter(([, base]) => base.family === 'Google distroless');
    expect(google).toHaveLength(12);
    expect(google.every(([, base]) => base.reference.endsWith(':nonroot') && base.user === '65532')).toBe(true);
  });

  test('a base tells what programs depend on', () => {
    expect(DistrolessBase.NODEJS_24).toMatchObject({
      reference: 'gcr.io/distroless/nodejs24-debian13:nonroot',
      runtime: BaseRuntime.NODEJS,
      runtimeVersion: '24',
      entrypoint: ['/nodejs/bin/node'],
      libc: BaseLibc.GLIBC,
      release: 'trixie',
      architectures: ['amd64', 'arm64', 's390x', 'ppc64le'],
    });
  });
});

describe('the builder that fits a base', () => {
  test.each([
    [DistrolessBase.NODEJS_22, BuildTool.NODEJS, 'node:22-trixie-slim'],
    [DistrolessBase.STATIC, BuildTool.GO, 'golang:1.26-trixie'],
    [DistrolessBase.PYTHON_3, BuildTool.PYTHON, 'python:3.13-slim-trixie'],
    [DistrolessBase.DHI_PYTHON_3_14, BuildTool.PYTHON, 'python:3.14-slim-trixie'],
    [DistrolessBase.JAVA_21, BuildTool.MAVEN, 'maven:3.9-eclipse-temurin-21'],
    [DistrolessBase.JAVA_BASE, BuildTool.GRADLE, 'gradle:9-jdk25'],
    [DistrolessBase.CC, BuildTool.RUST, 'rust:1-trixie'],
    [DistrolessBase.DOTNET_ASPNET_10, BuildTool.DOTNET, 'mcr.microsoft.com/dotnet/sdk:10.0-noble'],
    [DistrolessBase.CC, BuildTool.DEBIAN, 'debian:trixie-slim'],
    [DistrolessBase.custom('x.io/base', { release: 'bookworm' }), BuildTool.GO, 'golang:1.26-bookworm'],
  ])('%s with %s is built in %s', (base, tool, image) => {
    expect(base.builderImage(tool)).toBe(image);
  });
});

describe('changed copies of a base', () => {
  test('pinnedTo adds the digest and keeps the facts', () => {
    const pinned = DistrolessBase.NODEJS_24.pinnedTo(DIGEST);
    expect(pinned.reference).toBe(`gcr.io/distroless/nodejs24-debian13:nonroot@${DIGEST}`);
    expect(pinned.upstream).toBe('gcr.io/distroless/nodejs24-debian13:nonroot');
    expect(pinned.runtimeVersion).toBe('24');
  });

  test('pinnedTo fails on what is no digest', () => {
    expect(() => DistrolessBase.STATIC.pinnedTo('latest')).toThrow("'latest' is not a digest; expected sha256:");
  });

  test('pinnedTo fails on the empty image', () => {
    expect(() => DistrolessBase.SCRATCH.pinnedTo(DIGEST)).toThrow('scratch cannot be pinned');
  });

  test('mirroredAt puts the mirror in the place of the registry path, also of a pinned base', () => {
    const mirrored = DistrolessBase.CC.pinnedTo(DIGEST).mirroredAt('registry.example.com/mirror/');
    expect(mirrored.reference).toBe(`registry.example.com/mirror/cc-debian13:nonroot@${DIGEST}`);
    expect(mirrored.upstream).toBe('gcr.io/distroless/cc-debian13:nonroot');
  });

  test('mirroredThrough takes the longest mirror that fits', () => {
    const mirrors = { 'gcr.io': 'a.example.com', 'gcr.io/distroless': 'b.example.com/d', 'cgr.dev': 'c.example.com' };
    expect(DistrolessBase.CC.mirroredThrough(mirrors).reference).toBe('b.example.com/d/cc-debian13:nonroot');
    expect(DistrolessBase.DHI_STATIC.mirroredThrough(mirrors)).toBe(DistrolessBase.DHI_STATIC);
    expect(DistrolessBase.SCRATCH.mirroredThrough(mirrors)).toBe(DistrolessBase.SCRATCH);
  });

  test('what is pulled from a mirror is recognised through the same mirrors', () => {
    const mirrors = { 'gcr.io/distroless': 'registry.example.com/mirror' };
    const base = DistrolessBase.JAVA_25.mirroredThrough(mirrors);
    expect(recognise(base.reference, { mirrors })).toMatchObject({ kind: 'distroless', user: '65532' });
  });
});

describe('a base of your own', () => {
  test('takes the facts that are told', () => {
    const base = DistrolessBase.custom('registry.example.com/team/base:1', { user: '1000', libc: BaseLibc.MUSL });
    expect(base).toMatchObject({ reference: 'registry.example.com/team/base:1', user: '1000', libc: 'musl' });
    expect(base.mirroredAt('m.example.com').reference).toBe('m.example.com/base:1');
  });

  test('fails on what is no reference, and says what one looks like', () => {
    expect(() => DistrolessBase.custom('https://x/y')).toThrow(
      "base 'https://x/y' is not an image reference; expected [registry/]repository[:tag][@sha256:digest]",
    );
  });
});
