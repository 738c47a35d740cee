import { resolve } from 'node:path';
import { tryDocker } from './docker';

/** An entry of `dockerImages` in an asset manifest, as far as builds are concerned. */
export interface DockerImageSource {
  /** The build context, relative to the manifest. */
  readonly directory: string;
  readonly dockerFile?: string;
  readonly dockerBuildTarget?: string;
  readonly dockerBuildArgs?: Readonly<Record<string, string>>;
  readonly dockerBuildContexts?: Readonly<Record<string, string>>;
  readonly dockerBuildSecrets?: Readonly<Record<string, string>>;
  readonly dockerBuildSsh?: string;
  readonly networkMode?: string;
  readonly platform?: string;
  readonly dockerOutputs?: readonly string[];
  readonly cacheDisabled?: boolean;
}

/** What a build did. */
export interface BuildOutcome {
  readonly tag: string;
  /** The steps that were carried out, as BuildKit shows them. */
  readonly carriedOut: readonly string[];
  /** The steps that the build cache answered. */
  readonly cached: readonly string[];
}

/** The command by which the CDK CLI (cdk-assets) builds an image asset, word for word. */
export function buildCommand(tag: string, source: DockerImageSource): string[] {
  const each = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  const secrets = Object.entries(source.dockerBuildSecrets ?? {});
  const one = (flag: string, value?: string): string[] => (value === undefined ? [] : [flag, value]);
  return [
    'build',
    ...each('--build-arg', source.dockerBuildArgs),
    ...each('--build-context', source.dockerBuildContexts),
    ...secrets.flatMap(([id, value]) => ['--secret', `id=${id},${value}`]),
    ...one('--ssh', source.dockerBuildSsh),
    '--tag',
    tag,
    ...one('--target', source.dockerBuildTarget),
    ...one('--file', source.dockerFile),
    ...one('--network', source.networkMode),
    ...one('--platform', source.platform),
    ...(source.dockerOutputs ?? []).map((value) => `--output=${value}`),
    ...(source.cacheDisabled ? ['--no-cache'] : []),
    '.',
  ];
}

/** Builds an asset of an assembly in the assembly's folder, as the CDK CLI does. */
export function buildAsset(assembly: string, id: string, source: DockerImageSource): BuildOutcome {
  const tag = `cdkasset-${id.toLowerCase()}`;
  const { exitCode, printed } = tryDocker(buildCommand(tag, source), resolve(assembly, source.directory));
  if (exitCode !== 0) throw new Error(`the build of ${id} exited with ${exitCode}:\n${printed.slice(-6000)}`);
  return { tag, ...stepsOf(printed) };
}

/** Reads BuildKit's plain log: `#7 [build 3/6] RUN npm ci`, later perhaps `#7 CACHED`. */
function stepsOf(log: string): Pick<BuildOutcome, 'carriedOut' | 'cached'> {
  const steps = new Map<string, string>();
  for (const [, vertex, step] of log.matchAll(/^#(\d+) (\[.*\] (?:RUN|COPY|ADD|WORKDIR) .*)$/gm))
    steps.set(vertex, step);
  const hits = new Set([...log.matchAll(/^#(\d+) CACHED$/gm)].map((match) => match[1]));
  const named = (hit: boolean): string[] =>
    [...steps].filter(([vertex]) => hits.has(vertex) === hit).map(([, step]) => step);
  return { carriedOut: named(false), cached: named(true) };
}
