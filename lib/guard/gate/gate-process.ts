import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { localTag } from '../../evidence/builds/asset-build';
import { BuildError } from '../../evidence/builds/build-error';
import { exitOnSignal } from '../../evidence/exit-on-signal';
import { ImageInspector } from '../../evidence/image-inspector';
import { onePlatform } from '../../evidence/one-platform';
import { InspectionError } from '../../layers/inspection-error';
import type { LayerFacts } from '../../layers/layer-facts';
import { expectShortRun } from '../../layers/short-run';
import { failureText } from '../../report/failure-text';
import { findingText } from '../../report/text';
import { gateFindings, type GatedBuild } from './gate-findings';

/**
 * The program that CDK's publishing runs in the place of a build: it makes the image as CDK would, looks into it, and prints its name
 * only if it holds. What it does not print is not published.
 */
async function main([file = '']: readonly string[]): Promise<number> {
  const build = readRecipe(file);
  try {
    const today = new Date().toISOString().slice(0, 10);
    const findings = gateFindings(await inspect(build), build, today);
    const texts = findings.map((finding) => findingText(finding));
    if (findings.some(({ severity }) => severity === 'error'))
      return refuse(`${build.name} is not published:`, ...texts, wayOut(build));
    tell(...texts);
    process.stdout.write(`${localTag(build)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof BuildError)
      return refuse(failureText(build.name, { error: error.message, output: error.output }));
    if (InspectionError.isInspectionError(error)) return refuse(failureText(build.name, { error: error.message }));
    throw error;
  }
}

/** What is acknowledged is acknowledged at containers, of which the gate knows nothing. */
function wayOut({ name, displayPath }: GatedBuild): string {
  const image = displayPath === undefined ? name : `${displayPath} or ${name}`;
  return (
    `  to publish it all the same, except it for a time in the policy of the PublishGate, by the pattern ${image};\n` +
    '  what is acknowledged or excepted for a container does not count here'
  );
}

function readRecipe(file: string): GatedBuild {
  return {
    ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<GatedBuild, 'directory'>),
    directory: dirname(resolve(file)),
  };
}

async function inspect(build: GatedBuild): Promise<LayerFacts> {
  const { platform } = build.source;
  const inspector = new ImageInspector({ environment: process.env });
  try {
    const platforms = platform ? { platforms: [platform] } : {};
    const { facts } = await inspector.inspect({ kind: 'asset', build, ...platforms });
    const layers = onePlatform(facts, platform);
    if (layers) return layers;
    throw new InspectionError('missing', 'there is no image in what docker saved');
  } finally {
    inspector.close();
  }
}

function refuse(...lines: readonly string[]): number {
  tell(...lines);
  return 1;
}

function tell(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}

exitOnSignal();
expectShortRun();
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
