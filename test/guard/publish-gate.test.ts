import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Aspects, LegacyStackSynthesizer, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { DockerImageAsset, type DockerImageAssetProps } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { ModuleKind, ScriptTarget, transpile } from 'typescript';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { PublishGate } from '../../lib/guard/publish-gate';
import { DockerfileImage } from '../../lib/images/dockerfile/dockerfile-image';
import { GoImage } from '../../lib/images/go/go-image';
import type { DistrolessPolicy } from '../../lib/policy/distroless-policy';
import { RuleSeverity } from '../../lib/policy/distroless-policy';
import { FakeDocker } from '../evidence/fake-docker';
import { dockerArchive, image, layer } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import { app, buildContext, contextOf } from './guarded-apps';

const DOCKERFILE = 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n';

/** The package, as far as gates need it, compiled. */
let compiled: string;
let folder: string;
let docker: FakeDocker;

beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'gate-package-'));
  for (const room of ['bases', 'layers', 'dockerfile', 'policy', 'report', 'evidence', 'guard/gate', 'images/gate']) {
    compile(join(__dirname, '../../lib', room), join(compiled, 'lib', room));
  }
  symlinkSync(join(__dirname, '../../node_modules'), join(compiled, 'node_modules'));
});
afterAll(() => rmSync(compiled, { recursive: true }));

function compile(source: string, target: string): void {
  const options = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, esModuleInterop: true };
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(ts|json)$/.test(name) || name.endsWith('.d.ts')) continue;
    const text = readFileSync(join(source, name), 'utf8');
    const file = join(target, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, name.endsWith('.ts') ? transpile(text, options) : text);
  }
}

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  folder = mkdtempSync(join(tmpdir(), 'gate-'));
  docker = new FakeDocker(join(folder, 'docker'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A build context whose image holds a program. */
function context(program: Buffer | undefined, files: Record<string, string> = {}): string {
  const directory = buildContext(DOCKERFILE);
  const all = { app: 'app', ...(program && { 'image.tar': archiveOf(program) }), ...files };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(directory, name), content);
  return directory;
}

function archiveOf(program: Buffer): Buffer {
  return dockerArchive(image([layer([{ name: 'app', body: program }])]));
}

function gatedAsset(scope: Construct, props: Partial<DockerImageAssetProps> & { directory: string }): DockerImageAsset {
  const asset = new DockerImageAsset(scope, 'Image', props);
  Aspects.of(asset).add(new PublishGate());
  return asset;
}

interface ManifestEntry {
  readonly source: { readonly executable?: string[]; readonly directory?: string };
}

/** The images of the only asset manifest in an assembly. */
function imagesOf(directory: string): Array<[string, ManifestEntry]> {
  const file = readdirSync(directory).find((name) => name.endsWith('.assets.json')) ?? '';
  const manifest = readFileSync(join(directory, file), 'utf8');
  return Object.entries((JSON.parse(manifest) as { dockerImages: Record<string, ManifestEntry> }).dockerImages);
}

/** Does what the CLI does with an executable asset; with the program as the package has it, which starts faster. */
function publish(directory: string, { source }: ManifestEntry) {
  const recipe = source.executable?.at(-1) ?? '';
  return run(['node', join(compiled, 'lib/guard/gate/gate-process.js'), recipe], directory);
}

function run([program, ...args]: readonly string[], directory: string) {
  const env = { ...process.env, CDK_DOCKER: docker.path, CDK_DISTROLESS_CACHE: join(folder, 'cache') };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: directory, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('PublishGate', () => {
  test('gives out an image without a shell, under the name that CDK keeps it by', () => {
    const root = app();
    const asset = gatedAsset(new Stack(root, 'S'), { directory: context(APP), buildArgs: { A: '1' } });
    root.synth();
    const [[id, entry]] = imagesOf(root.outdir);
    expect(id).toBe(asset.assetHash);
    expect(publish(root.outdir, entry)).toEqual({ status: 0, stdout: `cdkasset-${id}\n`, stderr: '' });
    expect(docker.calls('build')).toEqual([
      {
        directory: join(root.outdir, `asset.${id}`),
        args: ['build', '--build-arg', 'A=1', '--tag', `cdkasset-${id}`, '.'],
      },
    ]);
  });

  test('gives out no image with a shell, and names the line that brings it', () => {
    const root = app();
    gatedAsset(new Stack(root, 'S'), { directory: context(SHELL) });
    root.synth();
    const { status, stdout, stderr } = publish(root.outdir, imagesOf(root.outdir)[0][1]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('S/Image is not published:\nDistroless::Shell[S/Image]  bash is in the image as /app');
    expect(stderr).toContain('layer 0   /app');
  });

  test.each([
    [
      'a build fails',
      { fail: 'ERROR: no space left\n' },
      /S\/Image could not be inspected: docker build exited with 17/,
    ],
    [
      'docker stops in the middle',
      { 'image.tar': archiveOf(APP).subarray(0, 1500).toString('latin1') },
      /could not be/,
    ],
  ])('gives out nothing when %s', (_, files, message) => {
    const root = app();
    gatedAsset(new Stack(root, 'S'), { directory: context(undefined, files) });
    root.synth();
    const result = publish(root.outdir, imagesOf(root.outdir)[0][1]);
    expect(result).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(message) });
  });

  describe('with a policy', () => {
    const until = (expires: string) => ({ reason: 'goes with INFRA-1', expires });
    const publishUnder = (policy: DistrolessPolicy) => {
      const root = app();
      const asset = new DockerImageAsset(new Stack(root, 'S'), 'Image', { directory: context(SHELL) });
      Aspects.of(asset).add(new PublishGate(policy));
      root.synth();
      return publish(root.outdir, imagesOf(root.outdir)[0][1]);
    };

    test.each([
      ['the path of its asset', 'S/Image'],
      ['its base', 'gcr.io/distroless/static-debian13'],
      ['its Dockerfile', '**/Dockerfile'],
    ])('lets an image through that is excepted by %s', (_, pattern) => {
      const { status, stdout } = publishUnder({ exceptions: [{ patterns: [pattern], ...until('9999-12-31') }] });
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^cdkasset-/) });
    });

    test.each([
      ['for another rule', { patterns: ['S/Image'], rules: ['PackageManager'], ...until('9999-12-31') }],
      ['for a container', { patterns: ['S/Task/Resource', 'S/web'], ...until('9999-12-31') }],
    ])('does not let it through by an exception %s, and tells the way', (_, exception) => {
      const { status, stderr } = publishUnder({ exceptions: [exception] });
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /except it for a time in the policy of the PublishGate, by the pattern \S+Dockerfile or S\/Image;/,
      );
      expect(stderr).toContain('what is acknowledged or excepted for a container does not count here');
    });

    test('holds it when the exception is past its date, and says so', () => {
      const { status, stderr } = publishUnder({ exceptions: [{ patterns: ['S/Image'], ...until('2020-01-31') }] });
      expect(status).toBe(1);
      expect(stderr).toContain(
        'Distroless::ExpiredException[S/Image]  the exception for S/Image held until 2020-01-31',
      );
    });

    test('tells what is a warning, and lets it through', () => {
      const { status, stderr } = publishUnder({ severities: { Shell: RuleSeverity.WARNING } });
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: expect.stringContaining('bash is in the image as /app'),
      });
      expect(publishUnder({ severities: { Shell: RuleSeverity.OFF } })).toMatchObject({ status: 0, stderr: '' });
    });

    test('stands before an image that has a gate of its own', () => {
      const root = app();
      new DockerfileImage(new Stack(root, 'S'), 'Image', { directory: context(SHELL), gate: true });
      Aspects.of(root).add(new PublishGate({ exceptions: [{ patterns: ['S/**'], ...until('9999-12-31') }] }));
      root.synth();
      expect(publish(root.outdir, imagesOf(root.outdir)[0][1])).toMatchObject({ status: 0 });
    });

    test('is refused when it is not in order', () => {
      expect(() => new PublishGate({ severities: { Shel: RuleSeverity.OFF } })).toThrow(/Shel/);
    });
  });

  test('gives out no image of another platform than the asset is for', () => {
    const root = app();
    const platform = { platform: 'linux/arm64' } as DockerImageAssetProps['platform'];
    gatedAsset(new Stack(root, 'S'), { directory: context(APP), platform });
    root.synth();
    const { status, stderr } = publish(root.outdir, imagesOf(root.outdir)[0][1]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('no image for linux/arm64') });
  });

  test('shows no build arguments in its command, which the CLI prints', () => {
    const root = app();
    gatedAsset(new Stack(root, 'S'), { directory: context(APP), buildArgs: { TOKEN: 'secret' } });
    root.synth();
    expect(JSON.stringify(imagesOf(root.outdir))).not.toContain('secret');
  });

  test('stands before all images of an app, also those of L2s and of nested stacks', () => {
    const root = app();
    const stack = new Stack(root, 'S');
    const task = new FargateTaskDefinition(stack, 'T');
    task.addContainer('web', { image: ContainerImage.fromAsset(context(APP)) });
    new DockerImageAsset(new NestedStack(stack, 'N'), 'Image', { directory: context(SHELL), assetName: 'nested' });
    Aspects.of(root).add(new PublishGate());
    root.synth();
    const images = imagesOf(root.outdir).map(([, { source }]) => source);
    expect(images).toEqual([{ executable: expect.anything() }, { executable: expect.anything() }]);
  });

  test('stands before the images of a Stage that it is applied to', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    gatedAsset(new Stack(stage, 'S'), { directory: context(SHELL) });
    const directory = root.synth().getNestedAssembly('assembly-Prod').directory;
    expect(publish(directory, imagesOf(directory)[0][1]).stderr).toContain('Prod/S/Image is not published');
  });

  test('fails synthesis when there is a Stage below that it is not carried into', () => {
    const root = app();
    new DockerImageAsset(new Stack(new Stage(root, 'Prod'), 'S'), 'Image', { directory: context(APP) });
    Aspects.of(root).add(new PublishGate());
    expect(() => root.synth()).toThrow(/Prod: CDK does not carry .* Prod\/S\/Image has none; add Aspects/);
  });

  test('fails synthesis where the synthesizer has no place for it', () => {
    const root = app();
    gatedAsset(new Stack(root, 'S', { synthesizer: new LegacyStackSynthesizer() }), { directory: context(APP) });
    expect(() => root.synth()).toThrow('S/Image: there can be no gate before publishing, for LegacyStackSynthesizer');
  });

  test('leaves what is said of the Dockerfile as it is', () => {
    const findings = (root: App) => new DistrolessChecks(root).validate(contextOf(root)).violations;
    const [open, gated] = [app(), app()];
    const directory = buildContext('FROM alpine:3.20\nUSER 1000\n');
    for (const root of [open, gated]) {
      const task = new FargateTaskDefinition(new Stack(root, 'S'), 'T');
      task.addContainer('web', { image: ContainerImage.fromAsset(directory) });
    }
    Aspects.of(gated).add(new PublishGate());
    const texts = (root: App) => findings(root).map(({ ruleName, description }) => `${ruleName} ${description}`);
    expect(texts(gated)).toEqual(texts(open));
    expect(texts(open)).toEqual([expect.stringContaining('alpine:3.20')]);
  });
});

describe('an image with a gate', () => {
  test('is published under another hash than without one, for that was not looked into', () => {
    const root = app();
    const stack = new Stack(root, 'S');
    const directory = context(APP);
    const open = new DockerfileImage(stack, 'Open', { directory });
    const gated = new DockerfileImage(stack, 'Gated', { directory, gate: true });
    expect(gated.asset.assetHash).not.toBe(open.asset.assetHash);
    root.synth();
    const sources = Object.fromEntries(imagesOf(root.outdir).map(([id, { source }]) => [id, Object.keys(source)]));
    expect(sources).toEqual({
      [`s-open-${open.asset.assetHash}`]: expect.arrayContaining(['directory']),
      [`s-gated-${gated.asset.assetHash}`]: ['executable'],
    });
  });

  test('can be one that the library renders', () => {
    const directory = join(folder, 'go');
    const root = app();
    mkdirSync(directory);
    writeFileSync(join(directory, 'go.mod'), 'module example.com/app\n\ngo 1.25\n');
    writeFileSync(join(directory, 'main.go'), 'package main\n\nfunc main() {}\n');
    new GoImage(new Stack(root, 'S'), 'Api', { directory, gate: true });
    root.synth();
    const [[, { source }]] = imagesOf(root.outdir);
    expect(existsSync(join(root.outdir, source.executable?.at(-1) ?? ''))).toBe(true);
  });
});

describe('the program of the gate', () => {
  test('needs nothing but what is in the assembly', () => {
    const installed = join(folder, 'package');
    cpSync(compiled, installed, { recursive: true });
    const directory = join(folder, 'app', 'cdk.out', 'assembly-Prod');
    mkdirSync(join(directory, 'image'), { recursive: true });
    writeFileSync(join(folder, 'app', 'package.json'), '{ "type": "module" }');
    const script = `console.log(JSON.stringify(require('./lib/images/gate/gate-program').gateCommand(...process.argv.slice(1))))`;
    const args = ['-e', script, dirname(directory), directory];
    const command = JSON.parse(execFileSync('node', args, { cwd: installed, encoding: 'utf8' })) as string[];
    rmSync(installed, { recursive: true });
    expect(command).toEqual(['node', '../distroless-gate/lib/guard/gate/gate-process.js']);
    writeFileSync(join(directory, 'image', 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(directory, 'image', 'image.tar'), archiveOf(SHELL));
    const source = { directory: 'image' };
    writeFileSync(join(directory, 'recipe.json'), JSON.stringify({ assetId: 'x', name: 'S/Image', source }));
    const { status, stderr } = run([...command, 'recipe.json'], directory);
    expect(stderr).toContain('S/Image is not published:\nDistroless::Shell[S/Image]  bash is in the image as /app');
    expect(status).toBe(1);
  });
});
