import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FakeDocker } from '../evidence/fake-docker';
import { dockerArchive, image, layer } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import { type AssetFixture, hashOf, writeAssetAssembly } from './asset-assembly';
import { runCommand } from './run-command';

const DOCKERFILE = 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n';
const CLEAN = dockerArchive(image([layer([{ name: 'app', body: APP }])]));
const SHELLED = dockerArchive(image([layer([{ name: 'app', body: SHELL }])]));

const clean: AssetFixture = { files: { Dockerfile: DOCKERFILE, app: 'app', 'image.tar': CLEAN } };
const shelled: AssetFixture = { files: { Dockerfile: DOCKERFILE, app: 'app', 'image.tar': SHELLED } };
const failing: AssetFixture = {
  files: { Dockerfile: DOCKERFILE, app: 'app', fail: 'make: *** No rule\nERROR: process "make" did not complete\n' },
};

let directory: string;
let docker: FakeDocker;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verify-'));
  docker = new FakeDocker(join(directory, 'docker'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function environment(more: Record<string, string> = {}): Record<string, string> {
  const cache = join(directory, 'cache');
  return {
    HOME: directory,
    PATH: process.env.PATH ?? '',
    CDK_DISTROLESS_CACHE: cache,
    CDK_DOCKER: docker.path,
    ...more,
  };
}

function write(assets: Record<string, AssetFixture>): void {
  writeAssetAssembly(join(directory, 'cdk.out'), assets);
}

function verify(...argv: string[]) {
  return runCommand(['verify', ...argv], { directory, environment: environment() });
}

async function findings(...argv: string[]): Promise<string[]> {
  const { stdout } = await verify(...argv, '--format', 'json');
  const report = JSON.parse(stdout) as {
    findings: { rule: string; severity: string; stack: string; message: string }[];
  };
  return report.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, stack, message }) => `${stack} ${rule}: ${message}`);
}

describe('cdk-distroless verify', () => {
  test('exits 0 when there is no shell in what is built', async () => {
    write({ Web: clean });
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^inspected {2}Web\/Image {2}\d+\.\d s\n1 image inspected, 0 known from earlier\n$/);
  });

  test('exits 1 for a shell that no Dockerfile tells of', async () => {
    write({ Web: shelled, Worker: clean });
    expect((await verify()).exitCode).toBe(1);
    expect(await findings('--no-cache')).toEqual(['Web Shell: bash is in the image as /app, known by its content']);
    expect((await runCommand(['check'], { directory, environment: environment() })).exitCode).toBe(1);
  });

  test('builds as the CDK CLI does: in the asset, under the name that publishing looks for', async () => {
    const source = { platform: 'linux/amd64', dockerBuildTarget: 'runtime', dockerBuildArgs: { A: '1' } };
    write({ Web: { ...clean, source } });
    await verify();
    const tag = `cdkasset-${hashOf('Web')}`;
    const asset = join(directory, 'cdk.out', `asset.${hashOf('Web')}`);
    const build = [
      'build',
      '--build-arg',
      'A=1',
      '--tag',
      tag,
      '--target',
      'runtime',
      '--platform',
      'linux/amd64',
      '.',
    ];
    expect(docker.calls().map(({ args }) => args)).toEqual([['inspect', tag], build, ['save', tag]]);
    expect(docker.calls('build')[0].directory).toBe(asset);
  });

  test('takes an image that the daemon has under that name, as the CDK CLI does', async () => {
    write({ Web: clean });
    docker.load(`cdkasset-${hashOf('Web')}`, SHELLED);
    expect(await findings()).toEqual(['Web Shell: bash is in the image as /app, known by its content']);
    expect(docker.calls('build')).toEqual([]);
  });

  test('asks docker nothing the second time, unless it is to look again', async () => {
    write({ Web: shelled });
    await verify();
    const before = docker.calls().length;
    const { exitCode, stderr } = await verify();
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '0 images inspected, 1 known from earlier\n' });
    expect(docker.calls()).toHaveLength(before);
    await verify('--no-cache');
    expect(docker.calls('save')).toHaveLength(2);
  });

  test('exits 2 for a build that fails, tells it from findings, and goes on with the others', async () => {
    write({ Bad: failing, Web: shelled });
    const { exitCode, stdout, stderr } = await verify();
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Distroless::Shell[app]  bash is in the image as /app, known by its content');
    expect(stdout).toContain(
      'Distroless::Unproven[app]  its layers could not be looked into: docker build exited with 17',
    );
    expect(stderr).toContain(
      'cdk-distroless: Bad/Image could not be inspected: ' +
        'docker build exited with 17: ERROR: process "make" did not complete\n' +
        '    #5 [2/2] RUN make\n    make: *** No rule\n    ERROR: process "make" did not complete\n',
    );
  });

  test('exits 2 when the directory of an asset is not there', async () => {
    write({ Web: { files: {} } });
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('its directory is not there: ');
  });

  test('exits 2 when Docker is not there, with what to do', async () => {
    write({ Web: clean });
    const { exitCode, stderr } = await runCommand(['verify'], {
      directory,
      environment: environment({ CDK_DOCKER: join(directory, 'nowhere') }),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('install Docker, or set CDK_DOCKER');
  });

  test('exits 2 when docker stops in the middle of saving', async () => {
    write({ Web: { files: { ...clean.files, 'image.tar': CLEAN.subarray(0, 2000) } } });
    expect((await verify()).exitCode).toBe(2);
    expect((await verify()).stderr).toContain('1 image inspected, 0 known from earlier');
  });

  test('exits 2 when the image is not for the platform that was asked for', async () => {
    write({ Web: { ...clean, source: { platform: 'linux/arm64' } } });
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no image for linux/arm64 in it, but for linux/amd64');
  });

  test('exits 2 when one name stands for images that are built in different ways', async () => {
    const hash = hashOf('both');
    write({ Web: { ...clean, hash }, Worker: { ...clean, hash, source: { dockerBuildTarget: 'debug' } } });
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${hash} is built in several ways in this assembly`);
    expect(docker.calls()).toEqual([]);
  });

  test('runs the command of an asset that has one where the manifest is, and looks into what it names', async () => {
    docker.load('made:1', SHELLED);
    write({ Web: { source: { executable: ['sh', '-c', 'pwd > ran; echo made:1'] } } });
    expect(await findings()).toContain('Web Shell: bash is in the image as /app, known by its content');
    expect(readdirSync(join(directory, 'cdk.out'))).toContain('ran');
  });

  test('builds what the legacy synthesizer notes down as the CLI does, which leaves named contexts out', async () => {
    const app = new App({ outdir: join(directory, 'cdk.out'), analyticsReporting: false });
    const stack = new Stack(app, 'Legacy', { synthesizer: new LegacyStackSynthesizer() });
    const context = join(directory, 'web');
    for (const [name, content] of Object.entries(shelled.files ?? {})) {
      mkdirSync(context, { recursive: true });
      writeFileSync(join(context, name), content);
    }
    const buildContexts = { 'gcr.io/distroless/static-debian13:nonroot': 'docker-image://alpine:3.20' };
    const asset = new DockerImageAsset(stack, 'Image', { directory: context, buildArgs: { A: '1' }, buildContexts });
    new CfnTaskDefinition(stack, 'Task', { containerDefinitions: [{ name: 'web', image: asset.imageUri }] });
    app.synth();
    expect(await findings()).toEqual(['Legacy Shell: bash is in the image as /app, known by its content']);
    expect(docker.calls('build').map(({ args }) => args)).toEqual([
      ['build', '--build-arg', 'A=1', '--tag', `cdkasset-${asset.assetHash}`, '.'],
    ]);
  });

  test.each([
    ['exit 3', 'the command of the asset, sh, exited with 3'],
    ['true', 'the command of the asset, sh, did not say what image it has made'],
  ])('exits 2 when the command of an asset does %j', async (script, message) => {
    write({ Web: { source: { executable: ['sh', '-c', script] } } });
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('builds as many at the same time as it is told, and refuses what is no number', async () => {
    write({ Web: clean, Worker: clean, Job: clean });
    expect((await verify('--concurrency', '3')).exitCode).toBe(0);
    expect(await verify('--concurrency', '0')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--concurrency 0 is no number of images'),
    });
  });

  test('wants proof of images of registries too, which the lock file gives', async () => {
    const assembly = join(directory, 'cdk.out');
    writeAssetAssembly(assembly, {});
    mkdirSync(assembly, { recursive: true });
    const container = { Name: 'x', Image: 'gcr.io/distroless/static-debian13:nonroot', ReadonlyRootFilesystem: true };
    const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [container] } };
    const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'X.template.json' } };
    writeFileSync(join(assembly, 'manifest.json'), JSON.stringify({ version: '36.0.0', artifacts: { X: stack } }));
    writeFileSync(join(assembly, 'X.template.json'), JSON.stringify({ Resources: { Task: task } }));
    expect(await findings()).toEqual([
      'X Unproven: the policy wants the layers inspected, and the image is known by its reference only',
    ]);
  });

  test('shows on a terminal what it is at', async () => {
    write({ Web: clean });
    const { stderr } = await runCommand(['verify'], { directory, environment: environment(), isTTY: true });
    expect(stderr).toContain('\r\x1b[Kbuilding and inspecting 0 of 1, now Web/Image');
  });
});
