import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { join } from 'node:path';
import { App, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { CpuArchitecture, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { DockerImageFunction } from 'aws-cdk-lib/aws-lambda';
import { DistrolessBase, DistrolessImage, GoImage, NodejsImage } from '../../lib';
import { freshDirectory, freshStack, sourceDirectory } from './source-directory';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const PROJECT = { 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n' };

interface ManifestEntry {
  readonly id: string;
  readonly displayName?: string;
  readonly source: Record<string, unknown>;
  readonly assembly: string;
}

/** The entry of an image in the asset manifest of its stack. */
function manifestEntry(image: DistrolessImage): ManifestEntry {
  const assembly = (image.node.root as App).synth();
  const stack = assembly.getStackArtifact(Stack.of(image).artifactId);
  const file = stack.dependencies
    .map((artifact) => artifact.manifest.properties as { file?: string })
    .find(({ file }) => file)?.file;
  const { dockerImages } = JSON.parse(readFileSync(join(assembly.directory, file ?? ''), 'utf8')) as {
    dockerImages: Record<string, Pick<ManifestEntry, 'displayName' | 'source'>>;
  };
  const found = Object.entries(dockerImages).find(([id]) => id.includes(image.asset.assetHash));
  const [id, { displayName, source }] = found ?? ['', { source: {} }];
  return { id, displayName, source, assembly: assembly.directory };
}

describe('the assembly', () => {
  test('holds everything the build needs, and nothing of how it got there', () => {
    const image = new GoImage(freshStack(), 'Api', { directory: sourceDirectory(PROJECT) });
    const { source, assembly } = manifestEntry(image);
    const staged = join(assembly, source.directory as string);
    expect(source.directory).toBe(`asset.${image.asset.assetHash}`);
    expect(readdirSync(staged).sort()).toEqual(['Dockerfile', 'go.mod', 'main.go']);
    expect(readFileSync(join(staged, 'Dockerfile'), 'utf8')).toBe(image.dockerfile);
    expect(existsSync(join(assembly, '.distroless'))).toBe(false);
  });

  test('leaves the source directory as it was', () => {
    const directory = sourceDirectory(PROJECT);
    const before = statSync(directory).mtimeMs;
    new GoImage(freshStack(), 'Api', { directory });
    expect(readdirSync(directory).sort()).toEqual(['go.mod', 'main.go']);
    expect(statSync(directory).mtimeMs).toBe(before);
  });

  test('is not copied into itself when it lies in the source directory', () => {
    const directory = sourceDirectory({ ...PROJECT, 'cdk.out/old.json': '{}', 'output/other.json': '{}' });
    const image = new GoImage(freshStack({}, join(directory, 'output')), 'Api', { directory });
    const { source, assembly } = manifestEntry(image);
    expect(readdirSync(join(assembly, source.directory as string)).sort()).toEqual(['Dockerfile', 'go.mod', 'main.go']);
  });

  test('can be moved, also with what links outside of the source directory', () => {
    const directory = sourceDirectory(PROJECT);
    symlinkSync(join(sourceDirectory({ 'shared.txt': 'shared' }), 'shared.txt'), join(directory, 'shared.txt'));
    const { source, assembly } = manifestEntry(new GoImage(freshStack(), 'Api', { directory }));
    const moved = join(freshDirectory(), 'moved');
    cpSync(assembly, moved, { recursive: true, verbatimSymlinks: true });
    rmSync(assembly, { recursive: true });
    expect(readFileSync(join(moved, source.directory as string, 'shared.txt'), 'utf8')).toBe('shared');
  });

  test('refers to complete build contexts when staging is disabled', () => {
    const stack = freshStack({ 'aws:cdk:disable-asset-staging': true });
    const image = new GoImage(stack, 'Api', { directory: sourceDirectory(PROJECT) });
    const other = new GoImage(stack, 'Other', { directory: sourceDirectory(PROJECT), args: ['-v'] });
    for (const { source } of [manifestEntry(image), manifestEntry(other)]) {
      expect(readdirSync(source.directory as string).sort()).toEqual(['Dockerfile', 'go.mod', 'main.go']);
    }
  });

  test('has the context of an image in a Stage at its root', () => {
    const app = new App({ outdir: join(freshDirectory(), 'cdk.out') });
    const image = new GoImage(new Stack(new Stage(app, 'Prod'), 'Web'), 'Api', { directory: sourceDirectory(PROJECT) });
    expect(readdirSync(join(app.synth().directory, `asset.${image.asset.assetHash}`)).sort()).toEqual([
      'Dockerfile',
      'go.mod',
      'main.go',
    ]);
  });

  test('takes images of nested stacks, and several of one directory', () => {
    const stack = freshStack();
    const directory = sourceDirectory({ ...PROJECT, 'cmd/a/main.go': 'package main', 'cmd/b/main.go': 'package main' });
    const a = new GoImage(new NestedStack(stack, 'Nested'), 'A', { directory, main: 'cmd/a' });
    const b = new GoImage(stack, 'B', { directory, main: 'cmd/b' });
    expect(a.asset.assetHash).not.toBe(b.asset.assetHash);
    const { directory: assembly } = (stack.node.root as App).synth();
    for (const { asset } of [a, b])
      expect(existsSync(join(assembly, `asset.${asset.assetHash}`, 'Dockerfile'))).toBe(true);
  });
});

test('the CDK CLI names an image by the path of its construct, or as the user says', () => {
  const stack = freshStack();
  const directory = sourceDirectory(PROJECT);
  expect(manifestEntry(new GoImage(stack, 'Api', { directory })).displayName).toBe('Web/Api');
  const named = new GoImage(freshStack(), 'Api', { directory, displayName: 'the api' });
  expect(manifestEntry(named).displayName).toBe('the api');
});

describe('the hash', () => {
  const hash = (directory: string, props = {}) =>
    new GoImage(freshStack(), 'Api', { directory, ...props }).asset.assetHash;

  test('is the same for the same input, wherever it lies and whatever the construct is called', () => {
    const other = new GoImage(new Stack(new Stage(new App(), 'Prod'), 'Other'), 'Image', {
      directory: sourceDirectory(PROJECT),
    });
    expect(hash(sourceDirectory(PROJECT))).toBe(other.asset.assetHash);
  });

  test.each(['.git/HEAD', '.env', '.env.production', 'README.md', 'main_test.go', 'Dockerfile', 'cdk.out/x'])(
    'does not change with %s, which the image does not use',
    (path) => {
      expect(hash(sourceDirectory({ ...PROJECT, [path]: 'anything' }))).toBe(hash(sourceDirectory(PROJECT)));
    },
  );

  test('changes with a source, also for the same construct of the same process', () => {
    const directory = sourceDirectory(PROJECT);
    const outdir = join(freshDirectory(), 'cdk.out');
    const first = new GoImage(freshStack({}, outdir), 'Api', { directory }).asset.assetHash;
    writeFileSync(join(directory, 'main.go'), 'package main // changed\n');
    expect(new GoImage(freshStack({}, outdir), 'Api', { directory }).asset.assetHash).not.toBe(first);
  });

  test('changes with what may be executed, and not with other permissions', () => {
    const directory = sourceDirectory({ ...PROJECT, 'gen.sh': '#!/bin/sh\n' });
    const plain = hash(directory);
    chmodSync(join(directory, 'main.go'), 0o600);
    expect(hash(directory)).toBe(plain);
    chmodSync(join(directory, 'gen.sh'), 0o755);
    expect(hash(directory)).not.toBe(plain);
  });

  test('does not change with empty directories, which are not in the context', () => {
    const directory = sourceDirectory(PROJECT);
    const before = hash(directory);
    mkdirSync(join(directory, 'empty/inner'), { recursive: true });
    expect(hash(directory)).toBe(before);
  });

  test.each([
    ['args', { args: ['-v'] }],
    ['base', { base: DistrolessBase.CHAINGUARD_STATIC }],
    ['builder', { builder: 'golang:1.27-trixie' }],
    ['architecture', { architecture: CpuArchitecture.ARM64 }],
    ['build arguments', { buildArgs: { VERSION: '1' } }],
    ['extraHash', { extraHash: 'x' }],
  ])('changes with %s', (_, props) => {
    const directory = sourceDirectory(PROJECT);
    expect(hash(directory, props)).not.toBe(hash(directory));
  });

  test('is told apart by what is excluded and taken back in', () => {
    const directory = sourceDirectory({
      ...PROJECT,
      'README.md': 'embedded',
      '.dockerignore': 'docs\n',
      'docs/x': 'x',
    });
    const without = hash(directory);
    expect(hash(directory, { exclude: ['!README.md'] })).not.toBe(without);
    expect(hash(directory, { exclude: ['!docs'] })).not.toBe(without);
  });
});

describe('a .dockerignore', () => {
  const BUILT_BEFORE = '*\n!target/quarkus-app/*\n';

  test('is no matter where it is meant for images of what was built before', () => {
    const directory = sourceDirectory({ ...PROJECT, '.dockerignore': BUILT_BEFORE });
    const { source, assembly } = manifestEntry(new GoImage(freshStack(), 'Api', { directory }));
    expect(readdirSync(join(assembly, source.directory as string)).sort()).toEqual(['Dockerfile', 'go.mod', 'main.go']);
  });

  test('fails where it leaves out what the build starts from, and the sources come into the image', () => {
    const files = { 'package.json': {}, 'package-lock.json': {}, 'server.js': '', '.dockerignore': BUILT_BEFORE };
    const directory = sourceDirectory(files);
    expect(() => new NodejsImage(freshStack(), 'Api', { directory, main: 'server.js' })).toThrow(
      `Web/Api: directory '${directory}': .dockerignore or exclude leaves out package.json, which the build starts from; ` +
        `take it back in with exclude: ['!package.json'], and the sources as well`,
    );
  });

  test('fails for exclude as well, whatever the language', () => {
    const define = () => new GoImage(freshStack(), 'Api', { directory: sourceDirectory(PROJECT), exclude: ['go.*'] });
    expect(define).toThrow('.dockerignore or exclude leaves out go.mod');
  });
});

describe('the asset', () => {
  const define = (props = {}, stack = freshStack()) =>
    new GoImage(stack, 'Api', { directory: sourceDirectory(PROJECT), ...props });

  test('has a name and a platform', () => {
    const { id, source } = manifestEntry(define());
    expect(id).toMatch(/^web-api-[0-9a-f]{64}$/);
    expect(source.platform).toBe('linux/amd64');
  });

  test('keeps the options of DockerImageAsset', () => {
    const { id, source } = manifestEntry(
      define({
        assetName: 'mine',
        platform: Platform.LINUX_ARM64,
        buildArgs: { A: '1' },
        buildSecrets: { netrc: 'src=/x' },
        buildSsh: 'default',
        buildContexts: { shared: 'docker-image://alpine' },
        cacheFrom: [{ type: 'registry', params: { ref: 'r' } }],
        cacheTo: { type: 'inline' },
        cacheDisabled: true,
      }),
    );
    expect(id).toMatch(/^mine-/);
    expect(source).toMatchObject({
      platform: 'linux/arm64',
      dockerBuildArgs: { A: '1' },
      dockerBuildSecrets: { netrc: 'src=/x' },
      dockerBuildSsh: 'default',
      dockerBuildContexts: { shared: 'docker-image://alpine' },
      cacheFrom: [{ type: 'registry', params: { ref: 'r' } }],
      cacheTo: { type: 'inline' },
      cacheDisabled: true,
    });
  });

  test('is named by the path of its construct when its build fails', () => {
    expect(manifestEntry(define({}, freshStack())).displayName).toBe('Web/Api');
  });

  test('takes one name in all Stages, so that pipelines publish it once', () => {
    const stage = new Stage(new App(), 'Prod');
    expect(manifestEntry(define({}, freshStack())).id.replace(/-[^-]*$/, '')).toBe('web-api');
    expect((define({}, new Stack(stage, 'Web')).asset as unknown as { assetName: string }).assetName).toBe('web-api');
  });

  test('tells where its Dockerfile comes from', () => {
    const image = define();
    expect(image.asset.node.metadata.find(({ type }) => type === 'cdk-distroless:image')?.data).toMatchObject({
      assetHash: image.asset.assetHash,
      construct: 'GoImage',
      constructPath: 'Web/Api',
      displayPath: expect.stringMatching(/\/Dockerfile \(rendered by GoImage Web\/Api\)$/),
    });
  });

  test('goes where CDK takes images', () => {
    const image = define();
    const stack = Stack.of(image);
    new FargateTaskDefinition(stack, 'Task').addContainer('web', { image: image.toContainerImage() });
    new DockerImageFunction(stack, 'Function', { code: image.toLambdaCode({ cmd: ['x'] }) });
    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.findResources('AWS::ECS::TaskDefinition'))).toContain(`:${image.asset.assetHash}`);
    expect(JSON.stringify(template.findResources('AWS::Lambda::Function'))).toContain(`:${image.asset.assetHash}`);
  });

  test('is known as a distroless image', () => {
    expect(DistrolessImage.isDistrolessImage(define())).toBe(true);
    expect(DistrolessImage.isDistrolessImage(freshStack())).toBe(false);
    expect(DistrolessImage.isDistrolessImage(undefined)).toBe(false);
  });
});

describe('mirrors', () => {
  const mirrors = {
    'gcr.io/distroless': 'registry.example.com/distroless',
    'docker.io/library': 'registry.example.com/hub',
  };
  const froms = (image: GoImage) => image.dockerfile.match(/^FROM .*/gm);
  const MIRRORED = [
    'FROM --platform=$BUILDPLATFORM registry.example.com/hub/golang:1.26-trixie AS build',
    'FROM registry.example.com/distroless/static-debian13:nonroot',
  ];

  test('of the prop take the place of builder and base, and the label still names the base', () => {
    const image = new GoImage(freshStack(), 'Api', { directory: sourceDirectory(PROJECT), mirrors });
    expect(froms(image)).toEqual(MIRRORED);
    expect(image.dockerfile).toContain('base.name=gcr.io/distroless/static-debian13:nonroot');
  });

  test.each([
    ['an object', mirrors],
    ['text', JSON.stringify(mirrors)],
  ])('of the context key do, as %s', (_, value) => {
    const stack = freshStack({ 'cdk-distroless:mirrors': value });
    expect(froms(new GoImage(stack, 'Api', { directory: sourceDirectory(PROJECT) }))).toEqual(MIRRORED);
  });

  test('keep a digest', () => {
    const base = DistrolessBase.STATIC.pinnedTo(DIGEST);
    const image = new GoImage(freshStack(), 'Api', { directory: sourceDirectory(PROJECT), mirrors, base });
    expect(froms(image)?.[1]).toBe(`FROM registry.example.com/distroless/static-debian13:nonroot@${DIGEST}`);
  });

  test('that are no object of strings are refused', () => {
    const stack = freshStack({ 'cdk-distroless:mirrors': ['gcr.io'] });
    expect(() => new GoImage(stack, 'Api', { directory: sourceDirectory(PROJECT) })).toThrow(
      'context cdk-distroless:mirrors: ["gcr.io"]: not an object of strings',
    );
  });
});

describe('a wrong prop is refused with path, prop, value and change', () => {
  test.each<[string, object, string]>([
    ['a token', { main: Lazy.string({ produce: () => 'x' }) }, 'Web/Api: main: the value is a token'],
    [
      'a token in a map',
      { buildArgs: { A: Lazy.string({ produce: () => 'x' }) } },
      'Web/Api: buildArgs.A: the value is a token',
    ],
    ['a token in a list', { args: [Lazy.string({ produce: () => 'x' })] }, 'Web/Api: args.0: the value is a token'],
    [
      'a contradiction',
      { architecture: CpuArchitecture.ARM64, platform: Platform.LINUX_AMD64 },
      'it contradicts architecture ARM64',
    ],
    ['another platform', { platform: Platform.custom('windows/amd64') }, "platform 'windows/amd64'"],
    [
      'a base without the architecture',
      { base: DistrolessBase.custom('a/b:c', { architectures: ['arm64'] }) },
      "base 'a/b:c': it is not published for linux/amd64",
    ],
    [
      'a hash without the platform',
      { invalidation: { platform: false } },
      'invalidation.platform false: two different images',
    ],
    ['a target', { target: 'build' }, "target 'build'"],
  ])('%s', (_, props, message) => {
    expect(() => new GoImage(freshStack(), 'Api', { directory: sourceDirectory(PROJECT), ...props })).toThrow(message);
  });

  test('a base of another language', () => {
    const directory = sourceDirectory({ 'package.json': {}, 'package-lock.json': '{}' });
    expect(() => new NodejsImage(freshStack(), 'Api', { directory, base: DistrolessBase.JAVA_25 })).toThrow(
      "base 'gcr.io/distroless/java25-debian13:nonroot': it does not bring nodejs; use DistrolessBase.NODEJS_24",
    );
  });

  test('a file in place of the directory', () => {
    const directory = join(sourceDirectory({ file: '' }), 'file');
    expect(() => new GoImage(freshStack(), 'Api', { directory })).toThrow('it is a file; give the directory it is in');
  });
});

test('the program belongs to root and cannot be replaced: files come before WORKDIR, which would give them to the user', () => {
  const { dockerfile } = new GoImage(freshStack(), 'Api', {
    directory: sourceDirectory(PROJECT),
    base: DistrolessBase.SCRATCH,
  });
  const final = dockerfile.slice(dockerfile.lastIndexOf('FROM ')).split('\n');
  expect(final.findIndex((line) => line.startsWith('COPY'))).toBeLessThan(final.indexOf('WORKDIR /app'));
  expect(final).toContain('USER 65532');
});
