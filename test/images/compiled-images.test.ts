import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { BinaryImage, DistrolessBase, DotnetImage, RustImage } from '../../lib';
import type { BinaryImageProps, DotnetImageProps, RustImageProps } from '../../lib';
import { readElfProgram } from '../../lib/images/binary/elf-program';
import { elf } from './elf';
import { freshStack, instructions, sourceDirectory } from './source-directory';

type Files = Record<string, string | object>;

describe('Rust', () => {
  const PROJECT = { 'Cargo.toml': '[package]\nedition = "2024"\nname = "api"\n', 'Cargo.lock': '', 'src/main.rs': '' };
  const define = (files: Files, props: Partial<RustImageProps> = {}) =>
    new RustImage(freshStack(), 'Api', { directory: sourceDirectory(files), ...props });

  test('a program is linked against the base’s C library, and alone in the image', () => {
    expect(define(PROJECT).dockerfile).toMatchInlineSnapshot(`
     "# The program.
     FROM rust:1-trixie AS build
     WORKDIR /src
     COPY Cargo.toml Cargo.lock ./
     RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \\
         mkdir -p src \\
      && printf '//! -\\n#[allow(dead_code)]\\nfn main() {}\\n' | tee src/main.rs > /dev/null \\
      && (CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked --bin api || true)
     COPY . .
     RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \\
         find . -name '*.rs' -not -path './target/*' -exec touch {} + \\
      && CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked --bin api \\
      && mkdir -p /app \\
      && cp target/release/api /app/main

     FROM gcr.io/distroless/cc-debian13:nonroot
     COPY --from=build /app/main /app/main
     LABEL org.opencontainers.image.base.name=gcr.io/distroless/cc-debian13:nonroot
     WORKDIR /app
     USER 65532
     ENTRYPOINT ["/app/main"]
     "
    `);
  });

  test('on a static base it is linked against musl, for the architecture of the image', () => {
    const lines = instructions(
      define(PROJECT, { base: DistrolessBase.STATIC, architecture: CpuArchitecture.ARM64 }).dockerfile,
    );
    expect(lines).toContain('RUN if command -v rustup; then rustup target add aarch64-unknown-linux-musl; fi');
    expect(lines.join('\n')).toContain('cp target/aarch64-unknown-linux-musl/release/api /app/main');
  });

  test('on a static base, crates that compile C get a compiler for musl', () => {
    const image = define({ ...PROJECT, 'Cargo.lock': '[[package]]\nname = "cc"\n' }, { base: DistrolessBase.STATIC });
    expect(image.dockerfile).toContain('command -v musl-gcc || (apt-get update && apt-get install');
    expect(define(PROJECT, { base: DistrolessBase.STATIC }).dockerfile).not.toContain('apt-get');
  });

  const WORKSPACE = {
    'Cargo.toml': '[workspace]\nmembers = [\n  "crates/*",\n]\n',
    'Cargo.lock': '',
    'rust-toolchain.toml': '',
    '.cargo/config.toml': '',
    'crates/api/Cargo.toml':
      '[package]\nname = "api"\n[[bin]] # the program\nname = "server"\npath = "source/server.rs"\n',
    'crates/api/source/server.rs': '',
    'crates/api/source/routes.rs': '',
    'crates/api/build.rs': '',
    'crates/model/Cargo.toml': '[package]\nname = "model"\n[[bench]]\nname = "speed"\n',
    'crates/model/src/lib.rs': '',
    'crates/model/src/table.rs': '',
    'crates/model/benches/speed.rs': '',
  };

  test('the dependencies of a workspace are compiled before its sources are copied', () => {
    const lines = instructions(define(WORKSPACE).dockerfile);
    const first = lines.slice(0, lines.indexOf('COPY . .'));
    expect(first.slice(0, -1)).toEqual([
      'FROM rust:1-trixie AS build',
      'WORKDIR /src',
      'COPY Cargo.toml Cargo.lock rust-toolchain.toml ./',
      'COPY .cargo ./.cargo',
      'COPY crates/api/Cargo.toml ./crates/api/',
      'COPY crates/model/Cargo.toml ./crates/model/',
    ]);
    expect(first.at(-1)).toContain(
      'tee crates/api/build.rs crates/api/source/server.rs crates/model/benches/speed.rs crates/model/src/lib.rs',
    );
    expect(lines.join('\n')).toContain(
      '--package api --bin server && mkdir -p /app && cp target/release/server /app/main',
    );
  });

  test('dependencies that lie in the project, or in repositories of git, are known before its sources too', () => {
    const lock = '[[package]]\nsource = "git+https://example.com/x"\n';
    const lines = instructions(define({ ...PROJECT, 'Cargo.lock': lock, 'vendor/x/Cargo.toml': '' }).dockerfile);
    expect(lines).toContain('COPY vendor ./vendor');
    expect(lines.filter((line) => line.includes('target=/usr/local/cargo/git,sharing=locked'))).toHaveLength(2);
  });

  test.each([
    ['tests that Cargo.toml names stay, as Cargo wants them', '[[test]]\nname = "all"\n', true],
    ['tests that it finds by itself are left out', '', false],
  ])('%s', (_, section, stay) => {
    const files = { ...PROJECT, 'Cargo.toml': `${PROJECT['Cargo.toml']}${section}`, 'tests/all.rs': '' };
    expect(define(files).dockerfile.includes('tests/all.rs')).toBe(stay);
  });

  test('the health probe is compiled by the C compiler that Rust links with', () => {
    const image = define(PROJECT, { healthProbe: true });
    expect(image.dockerfile).toContain('FROM rust:1-trixie AS healthprobe');
    expect(image.dockerfile).toContain('gcc -Os -static -s -o /out/probe');
  });

  test.each([
    [
      'the one that cargo run takes',
      '[package]\nname = "api"\ndefault-run = "b"\n',
      ['src/bin/a.rs', 'src/bin/b.rs'],
      'b',
    ],
    ['the only one', '[package]\nname = "api"\n', ['src/bin/a.rs', 'src/lib.rs'], 'a'],
    ['the one that is named like the package', '[package]\nname = "api"\n', ['src/bin/a.rs', 'src/main.rs'], 'api'],
    [
      'the one that is named in the place of the usual',
      '[package]\nname = "api"\n[[bin]]\nname = "serve"\npath = "src/main.rs"\n',
      ['src/main.rs'],
      'serve',
    ],
  ])('of several programs, %s is built', (_, manifest, sources, name) => {
    const files = {
      'Cargo.toml': manifest,
      'Cargo.lock': '',
      ...Object.fromEntries(sources.map((path) => [path, ''])),
    };
    expect(define(files).dockerfile).toContain(`--bin ${name} `);
  });

  test.each<[string, Record<string, string | undefined>, Partial<RustImageProps>, string]>([
    ['no Cargo.lock', { 'Cargo.toml': '' }, {}, 'there is no Cargo.lock in it; make one with cargo generate-lockfile'],
    [
      'a program that is not there',
      PROJECT,
      { binary: 'web' },
      "binary 'web': there is no such program; name one of these: api",
    ],
    [
      'a package that is not there',
      PROJECT,
      { package: 'web' },
      "package 'web': no Cargo.toml is that of such a package; name one of these: api",
    ],
    [
      'a library',
      { ...PROJECT, 'src/main.rs': undefined },
      {},
      'no package in it has a program; give the one of a program',
    ],
    [
      'several programs',
      { ...PROJECT, 'src/main.rs': undefined, 'src/bin/a.rs': '', 'src/bin/b/main.rs': '' },
      {},
      'binary: there is more than one program; name one of these: a, b',
    ],
    [
      'an older compiler than the package can do with',
      { ...PROJECT, 'Cargo.toml': '[package]\nname = "api"\nrust-version = "1.88"\n' },
      { builder: 'rust:1.85-trixie' },
      'Cargo.toml wants Rust 1.88, and the builder rust:1.85-trixie has 1.85; set builder to a rust:1.88 image',
    ],
    ['musl onto glibc', PROJECT, { builder: 'rust:1-alpine' }, 'what it builds needs musl'],
  ])('refuses %s', (_, files, props, message) => {
    const given = Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined)) as Files;
    expect(() => define(given, props)).toThrow(message);
  });
});

describe('.NET', () => {
  const FILE = '<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>';
  const define = (files: Files, props: Partial<DotnetImageProps> = {}) =>
    new DotnetImage(freshStack(), 'Api', { directory: sourceDirectory(files), ...props });

  test('a program is restored by its project files, published, and started by its name', () => {
    expect(define({ 'Api.csproj': FILE, 'Program.cs': '' }).dockerfile).toMatchInlineSnapshot(`
     "# The program.
     FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
     ARG TARGETARCH
     WORKDIR /src
     COPY Api.csproj ./Api.csproj
     RUN --mount=type=cache,target=/root/.nuget/packages \\
         dotnet restore Api.csproj --arch $TARGETARCH
     COPY . .
     RUN --mount=type=cache,target=/root/.nuget/packages \\
         dotnet publish Api.csproj --configuration Release --arch $TARGETARCH --no-restore --self-contained false -p:UseAppHost=false --output /app

     FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
     COPY --from=build /app /app
     LABEL org.opencontainers.image.base.name=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
     WORKDIR /app
     USER 1654
     ENTRYPOINT ["/usr/bin/dotnet", "/app/Api.dll"]
     "
    `);
  });

  test('on a base without a runtime the program brings its own', () => {
    const image = define({ 'Api.csproj': FILE }, { base: DistrolessBase.DOTNET_DEPS_10 });
    expect(image.dockerfile).toContain('--self-contained true');
    expect(image.dockerfile).toContain('dotnet restore Api.csproj --arch $TARGETARCH -p:SelfContained=true');
    expect(image.dockerfile).toContain('ENTRYPOINT ["/app/Api"]');
  });

  test('a program of an older .NET that it brings along is published for production as well', () => {
    const files = { 'Api.csproj': FILE.replace('10', '6') };
    const image = define(files, { base: DistrolessBase.DOTNET_DEPS_10 });
    expect(image.dockerfile).toContain('dotnet publish Api.csproj --configuration Release');
  });

  test('machine code is linked by the SDK that has a linker, on the architecture that it is for', () => {
    const file = FILE.replace('</Prop', '<PublishAot>true</PublishAot></Prop');
    const lines = instructions(define({ 'Api.csproj': file }).dockerfile);
    expect(lines[0]).toBe('FROM mcr.microsoft.com/dotnet/sdk:10.0-noble-aot AS build');
    expect(lines).toContain('FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled');
    expect(lines.join('\n')).toContain("&& find /app -name '*.dbg' -delete");
    expect(lines.at(-1)).toBe('ENTRYPOINT ["/app/Api"]');
  });

  test.each(['PublishTrimmed', 'SelfContained'])(
    '%s in the project file asks for a base without a runtime',
    (property) => {
      const file = FILE.replace('</Prop', `<${property}>true</${property}></Prop`);
      expect(define({ 'Api.csproj': file }).base).toBe(DistrolessBase.DOTNET_DEPS_10);
      expect(define({ 'Api.csproj': `<!-- ${file} -->${FILE}` }).base).toBe(DistrolessBase.DOTNET_ASPNET_10);
    },
  );

  test.each<[string, Files, Partial<DotnetImageProps>, string]>([
    ['no project file', {}, {}, 'there is no project file in it'],
    [
      'several project files',
      { 'A.csproj': '', 'B.csproj': '' },
      {},
      'there are several project files in it: A.csproj, B.csproj',
    ],
    [
      'a project file that is not there',
      {},
      { projectFile: 'Api.csproj' },
      "projectFile 'Api.csproj': there is no such file",
    ],
    [
      'another SDK',
      { 'Api.csproj': FILE, 'global.json': '{ "sdk": { "version": "9.0.100" } }' },
      {},
      'global.json wants version 9 of the SDK, and the builder',
    ],
    ['another .NET', { 'Api.csproj': FILE.replace('10', '9') }, {}, 'it has .NET 10.0, and Api.csproj is for .NET 9.0'],
  ])('refuses %s', (_, files, props, message) => {
    expect(() => define(files, props)).toThrow(message);
  });
});

describe('a program that was built elsewhere', () => {
  const AMD64 = 0x3e;
  function define(program: Buffer | string, props: Partial<BinaryImageProps> = {}, mode = 0o755): BinaryImage {
    const directory = sourceDirectory({ 'out/api': '', 'main.c': '', 'config/a.json': '{}' });
    writeFileSync(join(directory, 'out/api'), program);
    chmodSync(join(directory, 'out/api'), mode);
    return new BinaryImage(freshStack(), 'Api', { directory, binary: 'out/api', ...props });
  }

  test('is alone in the image, with the files that are named', () => {
    expect(instructions(define(elf(AMD64), { extraFiles: ['config'], args: ['-v'] }).dockerfile)).toEqual([
      'FROM gcr.io/distroless/static-debian13:nonroot',
      'COPY config /app/config',
      'COPY out/api /app/out/api',
      'LABEL org.opencontainers.image.base.name=gcr.io/distroless/static-debian13:nonroot',
      'WORKDIR /app',
      'USER 65532',
      'ENTRYPOINT ["/app/out/api"]',
      'CMD ["-v"]',
    ]);
  });

  test('changes its hash with itself only', () => {
    expect(define(elf(AMD64)).asset.assetHash).toBe(define(elf(AMD64)).asset.assetHash);
    expect(define(elf(AMD64)).asset.assetHash).not.toBe(
      define(Buffer.concat([elf(AMD64), Buffer.from('x')])).asset.assetHash,
    );
  });

  const GLIBC = { interpreter: '/lib64/ld-linux-x86-64.so.2' };

  test('is known by its headers', () => {
    expect(readElfProgram(elf(0xb7))).toEqual({ architecture: 'arm64', interpreter: undefined, libraries: [] });
    const names = ['libc.so.6', 'GLIBC_2.9', 'libz.so.1', 'GLIBC_2.38'];
    expect(readElfProgram(elf(AMD64, { ...GLIBC, names }))).toEqual({
      architecture: 'amd64',
      ...GLIBC,
      libraries: ['libc.so.6', 'libz.so.1'],
      glibc: '2.38',
    });
  });

  const onLinux = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch) ? test : test.skip;

  onLinux('is known by its headers when a compiler has made it', () => {
    const node = readElfProgram(readFileSync(process.execPath));
    expect(node).toMatchObject({ architecture: process.arch === 'x64' ? 'amd64' : 'arm64' });
    expect(node?.libraries.some((name) => /^(libc\.so\.6|libc\.musl)/.test(name))).toBe(true);
  });

  test.each([
    ['cut off within its headers', elf(AMD64, GLIBC).subarray(0, 100)],
    ['cut off before what is linked', elf(AMD64, { ...GLIBC, names: ['libc.so.6'] }).subarray(0, 300)],
  ])('is read as far as it goes when it is %s', (_, bytes) => {
    expect(readElfProgram(bytes)).toMatchObject({ architecture: 'amd64', libraries: [] });
  });

  const linked = (names: string[], base?: DistrolessBase, extraFiles?: string[]) => () =>
    define(elf(AMD64, { ...GLIBC, names }), { base: base ?? DistrolessBase.BASE, extraFiles });

  test.each<[string, () => BinaryImage, string]>([
    ['nothing', () => define(elf(AMD64), { binary: 'api' }), "Web/Api: binary 'api': there is no such file in"],
    ['a script', () => define('#!/bin/sh\n'), 'it is a script; use the image of its language'],
    ['a text', () => define('hello\n'), 'it is not a program for Linux'],
    ['a program for Windows', () => define('MZ\x90'), 'it is a program for Windows; build it for Linux'],
    ['a program for macOS', () => define(Buffer.from('cffaedfe', 'hex')), 'it is a program for macOS'],
    ['a program of 32 bits', () => define(Buffer.from('7f454c4601', 'hex')), 'it is a program of 32 bits'],
    ['an object file', () => define(elf(AMD64, {}, 1)), 'it is a part of a program; link it'],
    ['another architecture', () => define(elf(0xb7)), 'it is made for arm64, and the image for linux/amd64'],
    ['an architecture that AWS has not', () => define(elf(0xf3)), 'it is made for another architecture'],
    ['a file that is not executable', () => define(elf(AMD64), {}, 0o644), 'set its mode with chmod +x'],
    ['glibc on a static base', () => define(elf(AMD64, GLIBC)), 'use DistrolessBase.BASE or CC'],
    [
      'musl on glibc',
      () => define(elf(AMD64, { interpreter: '/lib/ld-musl-x86_64.so.1' }), { base: DistrolessBase.CC }),
      'link it statically',
    ],
    ['a newer glibc than the base’s', linked(['GLIBC_2.42']), 'it needs glibc 2.42, and base'],
    ['C++ on a base without it', linked(['libstdc++.so.6']), 'it needs libstdc++.so.6, which base'],
    ['OpenSSL on a base without it', linked(['libssl.so.3'], DistrolessBase.BASE_NOSSL), 'use DistrolessBase.CC'],
  ])('is refused: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, () => BinaryImage]>([
    ['on a base with its C library', linked(['libc.so.6', 'GLIBC_2.41'])],
    ['on a base with its libraries', linked(['libstdc++.so.6', 'libssl.so.3'], DistrolessBase.CC)],
    ['with libraries that come with it', linked(['libstdc++.so.6'], DistrolessBase.BASE, ['config'])],
    [
      'on a base of which nothing is known',
      linked(['libx.so.1', 'GLIBC_2.99'], DistrolessBase.CHAINGUARD_GLIBC_DYNAMIC),
    ],
  ])('runs %s', (_, make) => {
    expect(make).not.toThrow();
  });
});
