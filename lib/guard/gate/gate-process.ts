import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { localTag, type AssetBuild } from '../../evidence/builds/asset-build';
import { BuildError } from '../../evidence/builds/build-error';
import { exitOnSignal } from '../../evidence/exit-on-signal';
import { ImageInspector } from '../../evidence/image-inspector';
import { onePlatform } from '../../evidence/one-platform';
import { InspectionError } from '../../layers/inspection-error';
import type { LayerFacts } from '../../layers/layer-facts';
import { failureText } from '../../report/failure-text';
import { findingText } from '../../report/text';
import { gateFindings } from './gate-findings';

/**
 * The program that CDK's publishing runs in the place of a build: it makes the image as CDK would, looks into it, and prints its name
 * only if it holds. What it does not print is not published.
 */
async function main([file = '']: readonly string[]): Promise<number> {
  const build = readRecipe(file);
  try {
    const findings = gateFindings(await inspect(build), build);
    if (findings.length > 0)
      return refuse(`${build.name} is not published:`, ...findings.map((finding) => findingText(finding)));
    process.stdout.write(`${localTag(build)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof BuildError)
      return refuse(failureText(build.name, { error: error.message, output: error.output }));
    if (InspectionError.isInspectionError(error)) return refuse(failureText(build.name, { error: error.message }));
    throw error;
  }
}

function readRecipe(file: string): AssetBuild {
  return {
    ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<AssetBuild, 'directory'>),
    directory: dirname(resolve(file)),
  };
}

async function inspect(build: AssetBuild): Promise<LayerFacts> {
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
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

exitOnSignal();
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
