import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { buildArguments } from '../../lib/evidence/builds/asset-build';
import { Assembly } from '../../test/e2e/harness/assembly';
import { tryDocker } from '../../test/e2e/harness/docker';
import type { Service } from './services';

/** The ways to write an image: the naive Dockerfile on the language's image and on a distroless base, and the construct. */
export const VARIANTS = ['full', 'distroless', 'construct'] as const;
export type Variant = (typeof VARIANTS)[number];

export function tagOf(service: Service, variant: Variant): string {
  return `bench-build:${service.name}-${variant}`;
}

/** Builds an image, and answers how many seconds the build alone took. */
export function build(service: Service, variant: Variant, sources: string): number {
  const tag = tagOf(service, variant);
  if (variant !== 'construct')
    return timed(['build', '--tag', tag, '--file', naiveDockerfile(service, variant), '.'], sources);
  const output = mkdtempSync(join(tmpdir(), 'bench-build-out-'));
  try {
    const [{ source }] = synthesize(service, sources, output).assets;
    return timed(buildArguments(tag, source), join(output, source.directory ?? ''));
  } finally {
    rmSync(output, { recursive: true });
  }
}

/** The images that the Dockerfiles of a service start from. */
export function imagesOf(service: Service): string[] {
  const image = service.define(new Stack(new App()), service.directory);
  const naive = (['full', 'distroless'] as const).map((variant) => readFileSync(naiveDockerfile(service, variant)));
  const froms = [...naive, image.dockerfile].join('\n').matchAll(/^FROM (?:--platform=\S+ )?(\S+:\S+)/gm);
  return [...new Set([...froms].map(([, reference]) => reference))];
}

function naiveDockerfile(service: Service, variant: Variant): string {
  return join(__dirname, 'naive', service.name, `${variant}.Dockerfile`);
}

function synthesize(service: Service, sources: string, output: string): Assembly {
  const app = new App({ outdir: output, analyticsReporting: false });
  service.define(new Stack(app, 'Bench'), sources);
  app.synth();
  return new Assembly(output);
}

function timed(args: readonly string[], directory: string): number {
  const start = performance.now();
  const { exitCode, printed } = tryDocker(args, directory);
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} exited with ${exitCode}:\n${printed.slice(-4000)}`);
  return (performance.now() - start) / 1000;
}
