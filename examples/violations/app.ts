/**
 * One stack for each way to break each rule. `cdk synth` fails, and says of each what is wrong, on which line, and the way out:
 *
 *     npx cdk synth -q -a "npx ts-node --transpile-only --prefer-ts-exts examples/violations/app.ts"
 */
import { join } from 'node:path';
import { App, aws_ecs as ecs, aws_lambda as lambda, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { aws_apprunner as apprunner, aws_batch as batch, aws_bedrockagentcore as agentcore, Size } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { DistrolessChecks } from '../../lib';

const app = new App();

Validations.of(app).addPlugins(
  new DistrolessChecks(app, {
    exceptions: [
      {
        patterns: ['ExpiredException*/**'],
        reason: 'goes when the vendor ships an image without a shell',
        expires: '2020-01-31',
      },
    ],
  }),
);

/** An image of one of the Dockerfiles beside this app. */
function image(name: string, platform?: Platform): ecs.ContainerImage {
  return ecs.ContainerImage.fromAsset(join(__dirname, 'images', name), { platform });
}

const registry = (reference: string) => ecs.ContainerImage.fromRegistry(reference);

interface ContainerOptions extends Partial<ecs.ContainerDefinitionOptions> {
  /** Whether to leave it at the base not being pinned by a digest, which no image of this app is. */
  readonly unpinned?: boolean;
}

/** A stack that runs one container, `web`, with all settings in order but those that it is given. */
function runs(id: string, options: (stack: Stack) => ContainerOptions): ecs.FargateTaskDefinition {
  const stack = new Stack(app, id);
  const { unpinned, ...container } = options(stack);
  const task = new ecs.FargateTaskDefinition(stack, 'Task');
  task.addContainer('web', { image: image('good'), user: '65532', readonlyRootFilesystem: true, ...container });
  if (!unpinned) {
    const reason = 'shown by a stack of its own';
    Validations.of(stack).acknowledge({ id: 'Distroless::UnpinnedBase[web]', reason });
  }
  return task;
}

runs('NonDistrolessBaseOfDockerfile', () => ({ image: image('full-distribution') }));
runs('NonDistrolessBaseOfReference', () => ({ image: registry('public.ecr.aws/docker/library/nginx:1.29') }));

runs('ShellCopied', () => ({ image: image('copied-shell') }));
runs('ShellRenamed', () => ({ image: image('renamed-shell') }));
runs('ShellInWholeFileSystem', () => ({ image: image('whole-file-system') }));
runs('ShellInBase', () => ({ image: registry('cgr.dev/chainguard/node:latest') }));

runs('PackageManagerCopied', () => ({ image: image('copied-package-manager') }));

runs('DebugVariantOfBase', () => ({ image: image('debug-variant') }));

runs('UnprovenParameter', (stack) => ({ image: registry(new CfnParameter(stack, 'Image').valueAsString) }));
runs('UnprovenDigest', () => ({ image: registry(`gcr.io/distroless/static@sha256:${'0'.repeat(64)}`) }));
runs('UnprovenDownload', () => ({ image: image('download') }));
runs('UnprovenFrontend', () => ({ image: image('foreign-frontend') }));

runs('ShellCommandEntrypoint', () => ({ entryPoint: ['sh', '-c', 'exec /app'] }));
runs('ShellCommandHealthCheck', () => ({ healthCheck: { command: ['/app --healthy'] } }));
runs('ShellCommandForm', () => ({ image: image('shell-form') }));
runs('ShellCommandScript', () => ({ command: ['npm', 'start'] }));

runs('DoubledEntrypointOfDockerfile', () => ({ image: image('doubled-entrypoint') }));
runs('DoubledEntrypointOfTask', () => ({
  image: registry('gcr.io/distroless/nodejs24-debian13:nonroot'),
  command: ['node', 'server.js'],
}));

runs('PlatformMismatchOfTask', () => ({ image: image('good', Platform.LINUX_ARM64) }));

runs('RootUserOfImage', () => ({ image: image('root-user'), user: undefined }));
runs('RootUserOfTask', () => ({ user: '0:0' }));

runs('EndOfLifeBaseOfDockerfile', () => ({ image: image('end-of-life') }));

runs('ExpiredException', () => ({ image: registry('alpine:3.20') }));

runs('WritableRootOfTask', () => ({ readonlyRootFilesystem: undefined }));
runs('UnpinnedBaseOfDockerfile', () => ({ unpinned: true }));

const executed = runs('ExecuteCommandOfService', () => ({}));
new ecs.FargateService(executed.stack, 'Service', {
  cluster: new ecs.Cluster(executed.stack, 'Cluster'),
  taskDefinition: executed,
  enableExecuteCommand: true,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});

const functions = new Stack(app, 'NonDistrolessBaseOfFunction');
new lambda.DockerImageFunction(functions, 'Function', {
  code: lambda.DockerImageCode.fromImageAsset(join(__dirname, 'images', 'full-distribution')),
});

const jobs = new Stack(app, 'NonDistrolessBaseOfJob');
new batch.EcsJobDefinition(jobs, 'Job', {
  container: new batch.EcsFargateContainerDefinition(jobs, 'Container', {
    image: image('full-distribution'),
    cpu: 0.25,
    memory: Size.gibibytes(1),
    user: '65532',
    readonlyRootFilesystem: true,
  }),
});

/** An image where only its address is taken. */
function asset(stack: Stack, name: string, platform: Platform): DockerImageAsset {
  return new DockerImageAsset(stack, 'Image', { directory: join(__dirname, 'images', name), platform });
}

const appRunner = new Stack(app, 'NonDistrolessBaseOfAppRunner');
const { imageUri } = asset(appRunner, 'full-distribution', Platform.LINUX_AMD64);
new apprunner.CfnService(appRunner, 'Service', {
  sourceConfiguration: { imageRepository: { imageIdentifier: imageUri, imageRepositoryType: 'ECR' } },
});

const agents = new Stack(app, 'NonDistrolessBaseOfAgent');
new agentcore.CfnRuntime(agents, 'Agent', {
  agentRuntimeName: 'agent',
  agentRuntimeArtifact: {
    containerConfiguration: { containerUri: asset(agents, 'full-distribution', Platform.LINUX_ARM64).imageUri },
  },
  networkConfiguration: { networkMode: 'PUBLIC' },
  roleArn: 'arn:aws:iam::123456789012:role/agent',
});
