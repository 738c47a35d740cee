import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { GoImage } from '../../lib/images/go/go-image';
import { JavaImage } from '../../lib/images/java/java-image';
import { NodejsImage } from '../../lib/images/nodejs/nodejs-image';

const directory = mkdtempSync(join(tmpdir(), 'probe-'));
const nodejs = mkdtempSync(join(tmpdir(), 'probe-'));
const java = join(__dirname, '../../examples/platform/services/java-api');

beforeAll(() => {
  writeFileSync(join(directory, 'go.mod'), 'module example.com/app\n\ngo 1.26\n');
  writeFileSync(join(directory, 'main.go'), 'package main\n\nfunc main() {}\n');
  writeFileSync(join(nodejs, 'package.json'), '{"name":"app","version":"1.0.0","main":"index.js"}');
  writeFileSync(
    join(nodejs, 'package-lock.json'),
    '{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{}}',
  );
  writeFileSync(join(nodejs, 'index.js'), '');
});
afterAll(() => [directory, nodejs].forEach((path) => rmSync(path, { recursive: true })));

const stack = () => new Stack(new App(), 'Test');

describe('the health probe of an image', () => {
  test('is left away by default', () => {
    const image = new GoImage(stack(), 'Image', { directory });
    expect(image.healthProbe).toBeUndefined();
    expect(image.dockerfile).not.toContain('healthprobe');
  });

  test('is compiled for the architecture of the image in a stage of its own, from source in the context', () => {
    const scope = stack();
    const image = new GoImage(scope, 'Image', { directory, healthProbe: true });
    expect(image.healthProbe).toEqual(['/healthprobe/probe']);
    expect(image.dockerfile).toContain(
      [
        '# The health probe.',
        'FROM --platform=$BUILDPLATFORM golang:1.26-trixie AS healthprobe',
        'WORKDIR /out',
        'COPY .distroless/probe.c .distroless/probe.go /src/',
        'ARG BUILDPLATFORM',
        'ARG TARGETPLATFORM',
        'ARG TARGETOS',
        'ARG TARGETARCH',
        'RUN --mount=type=cache,target=/root/.cache/go-build \\',
        '    { [ "$BUILDPLATFORM" = "$TARGETPLATFORM" ] && gcc -Os -static -s -o /out/probe /src/probe.c 2>/dev/null; } \\',
        ' || CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/probe /src/probe.go',
      ].join('\n'),
    );
    expect(image.dockerfile).toContain('COPY --from=healthprobe /out/ /healthprobe/');
    const assembly = (scope.node.root as App).synth().directory;
    for (const name of ['probe.c', 'probe.go']) {
      const staged = join(assembly, `asset.${image.asset.assetHash}`, '.distroless', name);
      expect(readFileSync(staged, 'utf8')).toBe(readFileSync(join(__dirname, '../../lib/images/probe', name), 'utf8'));
    }
  });

  test('is a class in images of Java, compiled by the builder of the app, run in a heap of its own', () => {
    const image = new JavaImage(stack(), 'Image', {
      directory: java,
      healthProbe: true,
      mainClass: 'com.example.api.Main',
    });
    expect(image.healthProbe).toEqual([
      '/usr/bin/java',
      ...['-Xms4m', '-Xmx16m', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-cp', '/healthprobe', 'HealthProbe'],
    ]);
    expect(image.dockerfile).toContain(
      [
        'FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-25 AS healthprobe',
        'WORKDIR /out',
        'COPY .distroless/HealthProbe.java /src/',
        'RUN javac --release 17 -XDstringConcat=inline -d /out /src/HealthProbe.java',
      ].join('\n'),
    );
    expect(image.dockerfile).toContain('COPY --from=healthprobe /out/ /healthprobe/');
  });

  test('is not needed where the base has an interpreter', () => {
    const image = new NodejsImage(stack(), 'Image', { directory: nodejs, healthProbe: true });
    expect(image.healthProbe).toBeUndefined();
    expect(image.dockerfile).not.toContain('healthprobe');
  });
});
