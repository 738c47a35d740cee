import { analyseDockerfile } from '../../dockerfile/analyse';
import { readBuild } from '../../dockerfile/sources/read-build';
import type { LayerFacts } from '../../layers/layer-facts';
import type { AssetBuild } from '../../evidence/builds/asset-build';
import { factsFromDockerfile } from '../../policy/facts/facts-from-dockerfile';
import { factsFromLayers } from '../../policy/facts/facts-from-layers';
import { withLayerEvidence } from '../../policy/facts/with-layer-evidence';
import type { Finding } from '../../policy/finding';
import type { ImageFacts } from '../../policy/image-facts';
import type { ImageUse } from '../../policy/image-use';
import { Policy } from '../../policy/policy';
import { toolViolations } from '../../policy/tool-findings';
import type { Violation } from '../../policy/rule';
import { resolve } from 'node:path';

/** What keeps an image from being published: what has a shell or a package manager in it, and what cannot be told to have none. */
export function gateFindings(layers: LayerFacts, build: AssetBuild): Finding[] {
  const use = useOf(build);
  const facts = traced(layers, build);
  // The gate looks at what is in the image, whatever its base is called; without one, no tool is left to a rule about bases.
  const subject = { use, facts: { ...facts, base: undefined }, policy: Policy.DEFAULT, today: '' };
  const found: Array<[string, readonly Violation[]]> = [
    ['Shell', toolViolations(subject, facts.shells)],
    ['PackageManager', toolViolations(subject, facts.packageManagers)],
    [
      'Unproven',
      facts.unproven.map(({ reason, path, trace }) => unproven(path ? `${reason} (${path})` : reason, trace)),
    ],
  ];
  return found.flatMap(([rule, violations]) =>
    violations.map((violation) => ({ rule, severity: 'error' as const, use, ...violation })),
  );
}

function unproven(message: string, trace: ImageFacts['unproven'][number]['trace']): Violation {
  return { message, trace, fix: 'leave it out of the image, or publish this image without a gate' };
}

/** What the layers say, with the lines of the Dockerfile that bring it, as far as they can be told. */
function traced(layers: LayerFacts, { name, directory, source }: AssetBuild): ImageFacts {
  try {
    const analysis = analyseDockerfile(
      readBuild({
        directory: resolve(directory, source.directory ?? ''),
        dockerfile: source.dockerFile ?? 'Dockerfile',
        displayPath: `Dockerfile of ${name}`,
        buildArgs: source.dockerBuildArgs,
        buildContexts: source.dockerBuildContexts,
        target: source.dockerBuildTarget,
        platform: source.platform,
        environment: process.env,
      }),
    );
    return withLayerEvidence(factsFromDockerfile(analysis, { subject: name }), layers);
  } catch {
    return factsFromLayers(layers);
  }
}

function useOf({ name }: AssetBuild): ImageUse {
  return {
    stack: name,
    logicalId: '',
    resourceType: 'asset',
    propertyPath: '',
    container: name,
    role: 'unknown',
    origin: { kind: 'opaque', reason: '' },
    settings: {},
  };
}
