import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { GoImage, NodejsImage } from '../../lib';
import type { NodejsImageProps } from '../../lib';
import { elf } from './elf';
import { freshStack, sourceDirectory } from './source-directory';

const AMD64 = 0x3e;
const ARM64 = 0xb7;
const GLIBC = { names: ['libc.so.6'] };
const MUSL = { names: ['libc.musl-x86_64.so.1'] };

const NODEJS = { 'package.json': { main: 'server.js' }, 'package-lock.json': {}, 'server.js': '' };
const GO = { 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n' };

/** A source directory with files that are no text. */
function withBinaries(
  text: Readonly<Record<string, string | object>>,
  binaries: Readonly<Record<string, Buffer>>,
): string {
  const names = Object.fromEntries(Object.keys(binaries).map((path) => [path, '']));
  const directory = sourceDirectory({ ...text, ...names });
  for (const [path, content] of Object.entries(binaries)) writeFileSync(join(directory, path), content);
  return directory;
}

function nodejs(binaries: Readonly<Record<string, Buffer>>, props: Partial<NodejsImageProps> = {}): NodejsImage {
  return new NodejsImage(freshStack(), 'Api', { directory: withBinaries(NODEJS, binaries), ...props });
}

describe('machine code among the sources', () => {
  test('may be there for the image’s architecture and C library', () => {
    expect(() => nodejs({ 'lib/addon.node': elf(AMD64, GLIBC) })).not.toThrow();
    expect(() =>
      nodejs({ 'lib/addon.node': elf(ARM64, GLIBC) }, { architecture: CpuArchitecture.ARM64 }),
    ).not.toThrow();
  });

  test('fails for another architecture, with the file and what to do', () => {
    const directory = withBinaries(NODEJS, { 'lib/addon.node': elf(ARM64, GLIBC) });
    expect(() => new NodejsImage(freshStack(), 'Api', { directory })).toThrow(
      `Web/Api: directory '${directory}': lib/addon.node: it is made for arm64, and the image for linux/amd64; ` +
        'build it for that, or leave it out with exclude',
    );
  });

  test.each([
    ['an addon for musl', elf(AMD64, MUSL), 'linked with libc.musl-x86_64.so.1, which base gcr.io/distroless/nodejs24'],
    ['an addon for a newer glibc', elf(AMD64, { names: ['libc.so.6', 'GLIBC_2.99'] }), 'it needs glibc 2.99'],
  ])('fails for %s', (_, addon, message) => {
    expect(() => nodejs({ 'lib/addon.node': addon })).toThrow(message);
  });

  test('may be there for others as well, when the program can choose', () => {
    const builds = {
      'prebuilds/linux-x64/addon.glibc.node': elf(AMD64, GLIBC),
      'prebuilds/linux-x64/addon.musl.node': elf(AMD64, MUSL),
      'prebuilds/linux-arm64/addon.node': elf(ARM64, GLIBC),
    };
    expect(() => nodejs(builds)).not.toThrow();
  });

  test('is no matter where sources are compiled, unless it is one of the extra files', () => {
    const directory = withBinaries(GO, { 'tools/lint.so': elf(ARM64, GLIBC) });
    expect(() => new GoImage(freshStack(), 'Api', { directory })).not.toThrow();
    expect(() => new GoImage(freshStack(), 'Api', { directory, extraFiles: ['tools'] })).toThrow(
      'tools/lint.so: it is made for arm64',
    );
  });

  test('is found in programs, which have no ending', () => {
    const directory = withBinaries(NODEJS, { 'bin/tool': elf(ARM64) });
    chmodSync(join(directory, 'bin/tool'), 0o755);
    expect(() => new NodejsImage(freshStack(), 'Api', { directory })).toThrow('bin/tool: it is made for arm64');
  });
});
