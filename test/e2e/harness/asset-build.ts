import { resolve } from 'node:path';
import type { DockerImageSource } from 'aws-cdk-lib/cloud-assembly-schema';
import { buildArguments, localTag } from '../../../lib/evidence/builds/asset-build';
import { tryDocker } from './docker';

/** What a build did. */
export interface BuildOutcome {
  readonly tag: string;
  /** The steps that were carried out, as BuildKit shows them. */
  readonly carriedOut: readonly string[];
  /** The steps that the build cache answered. */
  readonly cached: readonly string[];
}

/** Builds an asset of an assembly in the assembly's folder, as the CDK CLI does. */
export function buildAsset(assembly: string, id: string, source: DockerImageSource): BuildOutcome {
  const tag = localTag({ assetId: id });
  const { exitCode, printed } = tryDocker(buildArguments(tag, source), resolve(assembly, source.directory ?? ''));
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
