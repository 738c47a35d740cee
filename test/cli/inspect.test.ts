import Ajv from 'ajv';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import schema from '../../lib/cli/inspection/inspection.schema.json';
import { LockFile } from '../../lib/evidence/lock-file';
import { archiveOf, dockerArchive, image, inspectArchive, layer, ociLayout } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import { runCommand } from './run-command';
import type * as runCommandFile from './run-command';

const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

const BASE = layer([{ name: 'etc/passwd', body: 'root' }]);
const CLEAN = image([BASE, layer([{ name: 'app', body: APP }])]);
const SHELLED = image([BASE, layer([{ name: 'opt/\x1b[2Jtool', body: SHELL }])], { architecture: 'arm64' });

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'inspect-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, content: Uint8Array | string): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function runIn(environment: Record<string, string>, ...argv: string[]) {
  const own = { HOME: directory, CDK_DISTROLESS_CACHE: join(directory, 'cache') };
  return runCommand(['inspect', ...argv], { directory, environment: { ...own, ...environment } });
}

function run(...argv: string[]) {
  return runIn({}, ...argv);
}

/** The answer for programs, once it satisfies its schema. */
async function json(...argv: string[]): Promise<unknown> {
  const { stdout, stderr } = await run(...argv, '--format', 'json');
  expect(stderr).toBe('');
  const answer: unknown = JSON.parse(stdout);
  validate(answer);
  expect(validate.errors ?? []).toEqual([]);
  return answer;
}

describe('cdk-distroless inspect of an archive', () => {
  test('tells people what is in it', async () => {
    write('app.tar', dockerArchive(CLEAN));
    const { exitCode, stdout } = await run('app.tar');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'app.tar  linux/amd64  compliant',
      '  base        none that is known',
      '  user        65532',
      '  entrypoint  ["/app"]',
      '  command     none',
      '  size        1.1 kB',
      '',
      '  layer       size',
      '      0        4 B  ▏                               1 file',
      '      1     1.1 kB  ██████████████████████████████  1 file',
      '',
    ]);
  });

  describe('starts quickly', () => {
    const UNNEEDED = ['ajv', '../../lib/evidence/registry-images', '../../lib/dockerfile/analyse'];
    afterEach(() => UNNEEDED.forEach((path) => jest.dontMock(path)));

    test.each(UNNEEDED)('without %s, which takes longer to load than a small archive to read', async (unneeded) => {
      write('app.tar', dockerArchive(CLEAN));
      jest.doMock(unneeded, () => {
        throw new Error(`${unneeded} was loaded`);
      });
      await jest.isolateModulesAsync(async () => {
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const { runCommand: runFresh } = require('./run-command') as typeof runCommandFile;
        const answer = await runFresh(['inspect', 'app.tar'], { directory, environment: { HOME: directory } });
        expect(answer).toMatchObject({ exitCode: 0, stderr: '' });
      });
    });
  });

  test('tells what was found and where, and lets nothing of it reach the terminal as it is', async () => {
    write('app.tar', dockerArchive(SHELLED));
    const { exitCode, stdout } = await run('app.tar');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('shells\n  /opt/\\x1b[2Jtool  bash, known by its content\n');
    expect(stdout).toContain('\n    layer 1   /opt/\\x1b[2Jtool\n');
    expect(stdout).not.toContain('\x1b');
  });

  test('answers to programs as the contract says', async () => {
    write('app.tar', dockerArchive(SHELLED));
    const trace = [{ layer: 1, path: 'opt/\x1b[2Jtool' }];
    expect(await json('app.tar')).toMatchObject({
      schemaVersion: 1,
      subject: 'app.tar',
      proof: 'layers',
      base: null,
      shells: [{ path: '/opt/\x1b[2Jtool', kind: 'bash', by: 'content', trace }],
      packageManagers: [],
      unproven: [],
      user: '65532',
      entrypoint: ['/app'],
      cmd: [],
      platform: 'linux/arm64',
      verdict: 'violation',
    });
  });

  test('gives the verdict on the worst platform of several, and all of them beside', async () => {
    write('index.tar', archiveOf(ociLayout(CLEAN, SHELLED)));
    expect(await json('index.tar')).toMatchObject({
      verdict: 'violation',
      platform: 'linux/arm64',
      platforms: [{ verdict: 'compliant', platform: 'linux/amd64' }, { verdict: 'violation' }],
    });
    expect(await json('index.tar', '--platform', 'linux/amd64')).toMatchObject({ verdict: 'compliant' });
  });

  test('recognises a locked base by its layers', async () => {
    const facts = inspectArchive(dockerArchive(image([BASE])));
    const digest = `sha256:${'a'.repeat(64)}`;
    const reference = 'gcr.io/distroless/static-debian13:nonroot';
    LockFile.EMPTY.with(reference, digest, [facts]).save(join(directory, 'distroless.lock.json'));
    write('app.tar', dockerArchive(CLEAN));
    expect(await json('app.tar')).toMatchObject({ base: { reference, digest, verdict: 'distroless' } });
    expect((await run('app.tar')).stdout).toContain('its 1 layer are the first of this image');
  });

  test('reads an OCI layout in a directory', async () => {
    for (const [path, bytes] of ociLayout(CLEAN)) write(`layout/${path}`, bytes);
    expect(await json('layout')).toMatchObject({ subject: 'layout', verdict: 'compliant' });
  });

  test('prints Markdown in which nothing from the image becomes markup', async () => {
    write('app.tar', dockerArchive(image([layer([{ name: 'a`<b>', body: SHELL }])])));
    const { stdout } = await run('app.tar', '--format', 'markdown');
    expect(stdout).toContain('## `app.tar`: violation');
    expect(stdout).toContain('- ``/a`<b>``: bash, from `layer 0` ``/a`<b>``');
  });

  test.each<[string, string, RegExp]>([
    ['is cut off', 'cut.tar', /^cdk-distroless: .*cut\.tar/],
    ['is not there', 'none.tar', /^cdk-distroless: there is no file or directory none\.tar\n$/],
    ['is something else', 'text.tar', /^cdk-distroless: .*text\.tar/],
  ])('exits 2, and not 0, when it %s', async (_, file, message) => {
    write('cut.tar', dockerArchive(CLEAN).subarray(0, 2000));
    write('text.tar', 'hello');
    const { exitCode, stdout, stderr } = await run(file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('cdk-distroless inspect of an image', () => {
  test('asks the daemon first, as docker run does', async () => {
    write('app.tar', dockerArchive(CLEAN));
    write('docker', `#!/bin/sh\nexec cat ${join(directory, 'app.tar')}\n`);
    chmodSync(join(directory, 'docker'), 0o755);
    const environment = { CDK_DOCKER: join(directory, 'docker'), PATH: process.env.PATH ?? '' };
    const { exitCode, stdout } = await runIn(environment, 'app:1', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ subject: 'app:1', verdict: 'compliant' });
  });

  test('fails when it is nowhere', async () => {
    const { exitCode, stderr } = await runIn({ CDK_DOCKER: join(directory, 'none') }, '127.0.0.1:1/app:1');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^cdk-distroless: cannot reach 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  test('fails on what no image can be called', async () => {
    const { exitCode, stderr } = await run('NOT an image', '--from', 'registry');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not an image reference');
  });
});

describe('cdk-distroless inspect of a Dockerfile', () => {
  beforeEach(() => {
    write('web/Dockerfile', 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n');
    write('web/app', APP);
  });

  test('tells the chain and the verdict', async () => {
    const { exitCode, stdout } = await run('web/Dockerfile');
    expect(stdout).toMatch(/^web\/Dockerfile {2}compliant$/m);
    expect(stdout).toContain('base chain\n    web/Dockerfile:1   FROM gcr.io/distroless/static-debian13:nonroot\n');
    expect(exitCode).toBe(0);
  });

  test('takes a directory for the Dockerfile in it', async () => {
    expect(await json('web')).toMatchObject({
      subject: 'web/Dockerfile',
      proof: 'dockerfile',
      base: { reference: 'gcr.io/distroless/static-debian13:nonroot', digest: null, verdict: 'distroless' },
      user: '65532',
      entrypoint: ['/app'],
      baseChain: [{ file: 'web/Dockerfile', line: 1, text: 'FROM gcr.io/distroless/static-debian13:nonroot' }],
      verdict: 'compliant',
    });
  });

  test('takes what docker build takes', async () => {
    write('Dockerfile', 'ARG BASE=alpine\nFROM $BASE AS one\nFROM scratch AS two\n');
    const base = async (...flags: string[]) => ((await json('Dockerfile', ...flags)) as { base: object }).base;
    expect(await base('--target', 'one')).toMatchObject({ reference: 'docker.io/library/alpine:latest' });
    expect(await base('--target', 'two')).toMatchObject({ reference: 'scratch' });
    expect(await base('--target=one', '--build-arg', 'BASE=busybox')).toMatchObject({
      reference: 'docker.io/library/busybox:latest',
    });
    expect(await base('--target=one', '--build-context', 'alpine=docker-image://other:1')).toMatchObject({
      reference: 'docker.io/library/other:1',
    });
  });

  test('exits 1 on a base with a shell and on a Dockerfile that BuildKit refuses', async () => {
    write('a/Dockerfile', 'FROM alpine:3.22\n');
    write('b/Dockerfile', 'FROM scratch\nNONSENSE\n');
    expect(await run('a')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('violation') });
    expect(await run('b')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('unproven') });
  });

  test('refuses flags for Dockerfiles on anything else', async () => {
    write('app.tar', dockerArchive(CLEAN));
    expect(await run('app.tar', '--target', 'x')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'cdk-distroless: --target is for Dockerfiles, and app.tar is an archive\n',
    });
  });
});
