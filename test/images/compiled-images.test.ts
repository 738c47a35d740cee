import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { BinaryImage, DistrolessBase, DotnetImage, RustImage } from '../../lib';
import type { BinaryImageProps, DotnetImageProps, RustImageProps } from '../../lib';
import { readElfProgram } from '../../lib/images/binary/elf-header';
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
     RUN --mount=type=cache,target=/usr/local/cargo/registry \\
         mkdir src \\
      && echo 'fn main() {}' > src/main.rs \\
      && CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked --bin api \\
      && rm -r src
     COPY . .
     RUN --mount=type=cache,target=/usr/local/cargo/registry \\
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
    expect(lines).toContain('RUN rustup target add aarch64-unknown-linux-musl');
    expect(lines.join('\n')).toContain('cp target/aarch64-unknown-linux-musl/release/api /app/main');
  });

  test.each<[string, Files, Partial<RustImageProps>, string]>([
    ['no Cargo.lock', { 'Cargo.toml': '' }, {}, 'there is no Cargo.lock in it; make one with cargo generate-lockfile'],
    [
      'a workspace',
      { 'Cargo.toml': '[workspace]\n', 'Cargo.lock': '' },
      {},
      'binary: Cargo.toml is that of a workspace',
    ],
    ['musl onto glibc', PROJECT, { builder: 'rust:1-alpine' }, 'what it builds needs musl'],
  ])('refuses %s', (_, files, props, message) => {
    expect(() => define(files, props)).toThrow(message);
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
         dotnet publish Api.csproj --arch $TARGETARCH --no-restore --self-contained false --output /app

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
    expect(image.dockerfile).toContain('ENTRYPOINT ["/app/Api"]');
  });

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
    ['another .NET', { 'Api.csproj': FILE.replace('10', '9') }, {}, 'it has .NET 10.0, and Api.csproj is for .NET 9.0'],
  ])('refuses %s', (_, files, props, message) => {
    expect(() => define(files, props)).toThrow(message);
  });
});

/** The headers of an ELF program, with the name of a dynamic linker behind them. */
function elf(machine: number, interpreter?: string): Buffer {
  const bytes = Buffer.alloc(64 + 56 + 64);
  bytes.write('\x7fELF\x02\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(interpreter === undefined ? 0 : 1, 56);
  bytes.writeUInt32LE(3, 64);
  bytes.writeBigUInt64LE(120n, 64 + 8);
  bytes.writeBigUInt64LE(BigInt((interpreter ?? '').length + 1), 64 + 32);
  bytes.write(interpreter ?? '', 120, 'latin1');
  return bytes;
}

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

  test('is known by its headers', () => {
    expect(readElfProgram(elf(0xb7))).toEqual({ architecture: 'arm64', interpreter: undefined });
    expect(readElfProgram(elf(AMD64, '/lib64/ld-linux-x86-64.so.2'))?.interpreter).toBe('/lib64/ld-linux-x86-64.so.2');
    expect(readElfProgram(Buffer.from('#!/bin/sh\n'))).toBeUndefined();
  });

  test.each<[string, () => BinaryImage, string]>([
    ['nothing', () => define(elf(AMD64), { binary: 'api' }), "Web/Api: binary 'api': there is no such file in"],
    ['a script', () => define('#!/bin/sh\n'), 'it is not a program for Linux'],
    ['another architecture', () => define(elf(0xb7)), 'it is made for arm64, and the image for linux/amd64'],
    ['a file that is not executable', () => define(elf(AMD64), {}, 0o644), 'set its mode with chmod +x'],
    [
      'glibc on a static base',
      () => define(elf(AMD64, '/lib64/ld-linux-x86-64.so.2')),
      'use DistrolessBase.BASE or CC',
    ],
    [
      'musl on glibc',
      () => define(elf(AMD64, '/lib/ld-musl-x86_64.so.1'), { base: DistrolessBase.CC }),
      'link it statically',
    ],
  ])('is refused: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('runs on a base with its C library', () => {
    expect(() => define(elf(AMD64, '/lib64/ld-linux-x86-64.so.2'), { base: DistrolessBase.BASE })).not.toThrow();
  });
});
