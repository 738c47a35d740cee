import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  aws_ecr as ecr,
  aws_ecr_assets as assets,
  aws_ecs as ecs,
  aws_lambda as lambda,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import type { AppProps, StackProps } from 'aws-cdk-lib';
import { readAssembly } from '../../lib/assembly/cloud-assembly';
import { imageUses } from '../../lib/assembly/image-uses';
import type { ImageUse } from '../../lib/policy/image-use';
import { app, buildContext, taskOf, temporaryDirectory, writeAssembly } from './cdk-apps';

const context = buildContext();

function synthesized(build: (scope: Stack) => void, stackProps: StackProps = {}, appProps: AppProps = {}): ImageUse[] {
  const root = app(appProps);
  build(new Stack(root, 'S', stackProps));
  return imageUses(readAssembly(root.synth().directory));
}

const asset = (options: Partial<ecs.AssetImageProps> = {}) => ecs.ContainerImage.fromAsset(context, options);

describe('an image asset is found', () => {
  test.each<[string, StackProps]>([
    ['of the default synthesizer', {}],
    ['in a concrete environment', { env: { account: '123456789012', region: 'eu-west-1' } }],
    ['of the legacy synthesizer', { synthesizer: new LegacyStackSynthesizer() }],
    ['of the CLI credentials synthesizer', { synthesizer: new CliCredentialsStackSynthesizer() }],
    ['under another qualifier', { synthesizer: new DefaultStackSynthesizer({ qualifier: 'mine' }) }],
    [
      'in a repository and under a tag prefix of its own',
      { synthesizer: new DefaultStackSynthesizer({ imageAssetsRepositoryName: 'mine', dockerTagPrefix: 'pre-' }) },
    ],
  ])('%s', (_, props) => {
    const [use] = synthesized((stack) => taskOf(stack, 'T', asset({ target: 'app', buildArgs: { A: '1' } })), props);
    expect(use.origin).toMatchObject({ kind: 'dockerfile', target: 'app', buildArgs: { A: '1' } });
  });

  test('whose staging is disabled', () => {
    const appProps = { context: { 'aws:cdk:disable-asset-staging': true } };
    const [use] = synthesized((stack) => taskOf(stack, 'T', asset()), {}, appProps);
    expect(use.origin).toMatchObject({ kind: 'dockerfile', directory: context });
  });

  test('with all that decides what is built', () => {
    const [use] = synthesized((stack) =>
      taskOf(stack, 'T', asset({ platform: assets.Platform.LINUX_ARM64, buildContexts: { base: 'docker-image://a' } })),
    );
    expect(use.origin).toMatchObject({ platform: 'linux/arm64', buildContexts: { base: 'docker-image://a' } });
  });

  test('by its repository and tag', () => {
    const [use] = synthesized((stack) => {
      const image = new assets.DockerImageAsset(stack, 'A', { directory: context });
      taskOf(stack, 'T', ecs.ContainerImage.fromEcrRepository(image.repository, image.imageTag));
    });
    expect(use.origin.kind).toBe('dockerfile');
  });

  test('that is a tarball', () => {
    const directory = writeAssembly({ 'image.tar': 'x' });
    const [use] = synthesized((stack) =>
      taskOf(stack, 'T', ecs.ContainerImage.fromTarball(join(directory, 'image.tar'))),
    );
    expect(use.origin).toMatchObject({ kind: 'tarball', path: expect.stringMatching(/asset\.[0-9a-f]+\.tar$/) });
  });

  test('used by another stack than the one that publishes it', () => {
    const root = app();
    const image = new assets.DockerImageAsset(new Stack(root, 'Images'), 'A', { directory: context });
    taskOf(new Stack(root, 'Services'), 'T', ecs.ContainerImage.fromDockerImageAsset(image));
    const [use] = imageUses(readAssembly(root.synth().directory));
    expect(use).toMatchObject({ stack: 'Services', origin: { kind: 'dockerfile' } });
  });

  test('in a nested stack, passed on as a parameter or made there', () => {
    const uses = synthesized((stack) => {
      const image = new assets.DockerImageAsset(stack, 'A', { directory: context });
      taskOf(new NestedStack(stack, 'N'), 'T', ecs.ContainerImage.fromDockerImageAsset(image));
      taskOf(new NestedStack(new NestedStack(stack, 'M'), 'Deep'), 'T', asset());
    });
    expect(uses.map(({ stack, constructPath, origin }) => [stack, constructPath, origin.kind])).toEqual([
      ['S/N', 'S/N/T/Resource', 'dockerfile'],
      ['S/M/Deep', 'S/M/Deep/T/Resource', 'dockerfile'],
    ]);
  });

  test('in a nested stack of the legacy synthesizer', () => {
    const uses = synthesized((stack) => taskOf(new NestedStack(stack, 'N'), 'T', asset()), {
      synthesizer: new LegacyStackSynthesizer(),
    });
    expect(uses.map(({ origin }) => origin.kind)).toEqual(['dockerfile']);
  });

  test('in a Stage, whose assets lie in the directory above', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    taskOf(new Stack(stage, 'Web'), 'T', asset());
    const [use] = imageUses(readAssembly(root.synth().directory));
    expect(use).toMatchObject({ stack: 'Prod/Web', constructPath: 'Prod/Web/T/Resource', container: 'web' });
    expect(use.origin).toMatchObject({ directory: expect.stringContaining(join(root.outdir, 'asset.')) });
  });

  test('in a Lambda function', () => {
    const [use] = synthesized((stack) => {
      new lambda.DockerImageFunction(stack, 'F', {
        code: lambda.DockerImageCode.fromImageAsset(context, { cmd: ['a.handler'] }),
        architecture: lambda.Architecture.ARM_64,
      });
    });
    expect(use).toMatchObject({ role: 'function', settings: { command: ['a.handler'], platform: 'linux/arm64' } });
  });

  test('where no row of the table looks', () => {
    const uses = synthesized((stack) => {
      const image = new assets.DockerImageAsset(stack, 'A', { directory: context });
      new lambda.Function(stack, 'F', {
        code: lambda.Code.fromInline('x'),
        handler: 'index.handler',
        runtime: lambda.Runtime.PYTHON_3_13,
        environment: { WORKER_IMAGE: image.imageUri },
      });
    });
    expect(uses).toMatchObject([
      { propertyPath: 'Environment.Variables.WORKER_IMAGE', role: 'unknown', origin: { kind: 'dockerfile' } },
    ]);
  });

  test('after the assembly has moved', () => {
    const root = app();
    taskOf(new Stack(root, 'S'), 'T', asset());
    const moved = join(temporaryDirectory(), 'elsewhere');
    cpSync(root.synth().directory, moved, { recursive: true });
    rmSync(root.outdir, { recursive: true });
    const [use] = imageUses(readAssembly(moved));
    expect(use.origin).toMatchObject({ directory: expect.stringContaining(moved) });
  });
});

test.each([
  ['in the stack, as CDK does', undefined],
  ['from the app on, as the constructs of this package do', 'Prod/Web/A'],
])('an image asset is named by its whole path where the app names it by its path %s', (_, displayName) => {
  const root = app();
  const stack = new Stack(new Stage(root, 'Prod'), 'Web');
  new assets.DockerImageAsset(stack, 'A', { directory: context, displayName });
  expect(readAssembly(root.synth().directory).assets.all.map(({ name }) => name)).toEqual(['Prod/Web/A']);
});

describe('an image of a repository', () => {
  test('is a reference when the repository has a name', () => {
    const [use] = synthesized(
      (stack) => {
        const repository = ecr.Repository.fromRepositoryName(stack, 'R', 'distroless/static');
        taskOf(stack, 'T', ecs.ContainerImage.fromEcrRepository(repository, 'nonroot'));
      },
      { env: { account: '123456789012', region: 'eu-west-1' } },
    );
    const reference = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless/static:nonroot';
    expect(use.origin).toEqual({ kind: 'reference', reference });
  });

  test('is opaque when only the deployment knows the repository', () => {
    const [use] = synthesized((stack) => {
      taskOf(stack, 'T', ecs.ContainerImage.fromEcrRepository(new ecr.Repository(stack, 'R'), '1'));
    });
    expect(use.origin).toMatchObject({ kind: 'opaque', reason: expect.stringContaining('known only at deployment') });
  });

  test('is opaque when its tag is a parameter', () => {
    const [use] = synthesized((stack) => {
      taskOf(stack, 'T', new ecs.TagParameterContainerImage(new ecr.Repository(stack, 'R')));
    });
    expect(use.origin.kind).toBe('opaque');
  });
});

describe('what a constructor does not show', () => {
  test('an override is read from the template', () => {
    const [use] = synthesized((stack) => {
      const task = taskOf(stack, 'T', asset());
      const resource = task.node.defaultChild as ecs.CfnTaskDefinition;
      resource.addPropertyOverride('ContainerDefinitions.0.Image', 'busybox');
    });
    expect(use.origin).toEqual({ kind: 'reference', reference: 'busybox' });
  });

  test('a service with ECS Exec is told to its task definition, across stacks', () => {
    const root = app();
    const tasks = new Stack(root, 'Tasks');
    const task = taskOf(tasks, 'T', asset());
    const cluster = new ecs.Cluster(tasks, 'C');
    const services = new Stack(root, 'Services');
    new ecs.FargateService(services, 'Service', { cluster, taskDefinition: task, enableExecuteCommand: true });
    const [use] = imageUses(readAssembly(root.synth().directory));
    expect(use.settings.executeCommand).toBe(true);
  });
});
