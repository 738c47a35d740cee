import type { DockerCacheOption, DockerImageSource } from 'aws-cdk-lib/cloud-assembly-schema';

/** An image asset, as its manifest has it built. Plain JSON. */
export interface AssetBuild {
  /** Key in the asset manifest. */
  readonly assetId: string;
  /** What people call it: the path of its construct, where that is known. */
  readonly name: string;
  /** Absolute path of the manifest's directory, where relative paths start and executables are run. */
  readonly directory: string;
  readonly source: DockerImageSource;
}

/** The tag under which the CDK CLI keeps the image of an asset in the daemon. Who builds under it saves the CLI the build. */
export function localTag({ assetId }: Pick<AssetBuild, 'assetId'>): string {
  return `cdkasset-${assetId.toLowerCase()}`;
}

/**
 * The arguments by which the CDK CLI has docker build an asset, word for word.
 *
 * Source: `Docker.build` of cdk-assets-lib, `private/docker.ts`.
 */
export function buildArguments(tag: string, source: DockerImageSource): string[] {
  return [
    'build',
    ...assignments('--build-arg', source.dockerBuildArgs),
    ...assignments('--build-context', source.dockerBuildContexts),
    ...Object.entries(source.dockerBuildSecrets ?? {}).flatMap(([id, from]) => ['--secret', `id=${id},${from}`]),
    ...setting('--ssh', source.dockerBuildSsh),
    ...setting('--tag', tag),
    ...setting('--target', source.dockerBuildTarget),
    ...setting('--file', source.dockerFile),
    ...setting('--network', source.networkMode),
    ...setting('--platform', source.platform),
    ...(source.dockerOutputs ?? []).map((output) => `--output=${output}`),
    ...(source.cacheFrom ?? []).flatMap((cache) => ['--cache-from', cacheText(cache)]),
    ...(source.cacheTo ? ['--cache-to', cacheText(source.cacheTo)] : []),
    ...(source.cacheDisabled ? ['--no-cache'] : []),
    '.',
  ];
}

function assignments(flag: string, values: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
}

function setting(flag: string, value: string | undefined): string[] {
  return value ? [flag, value] : [];
}

function cacheText({ type, params }: DockerCacheOption): string {
  return [`type=${type}`, ...Object.entries(params ?? {}).map(([key, value]) => `${key}=${value}`)].join(',');
}
