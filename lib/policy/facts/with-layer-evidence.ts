import type { CommandLine } from '../../dockerfile/analysis';
import type { LayerFacts } from '../../layers/layer-facts';
import type { ConfigFact, ImageFacts, ToolFact } from '../image-facts';
import { factsFromLayers } from './facts-from-layers';

/**
 * What a Dockerfile declares, proved or corrected by the layers of the very image that was built from it.
 *
 * What is there, and how it is run, the layers say; where it comes from, the Dockerfile. What the Dockerfile left unproven is proved.
 */
export function withLayerEvidence(declared: ImageFacts, layers: LayerFacts): ImageFacts {
  const seen = factsFromLayers(layers);
  return {
    ...seen,
    subject: declared.subject,
    base: baseOf(declared, seen),
    shells: seen.shells.map((tool) => traced(tool, declared.shells)),
    packageManagers: seen.packageManagers.map((tool) => traced(tool, declared.packageManagers)),
    user: explained(seen.user, declared.user),
    entrypoint: explained(seen.entrypoint, declared.entrypoint),
    cmd: explained(seen.cmd, declared.cmd),
    healthCheck: declared.healthCheck ?? seen.healthCheck,
    platform: seen.platform ?? declared.platform,
  };
}

function baseOf(declared: ImageFacts, seen: ImageFacts): ImageFacts['base'] {
  if (!declared.base) return seen.base;
  const { digest, layers } = seen.base ?? {};
  return { ...declared.base, digest: digest ?? declared.base.digest, inspected: true, layers };
}

/** The line that brings a tool, when the Dockerfile's analysis saw it coming; then the layer in which it is. */
function traced(tool: ToolFact, declared: readonly ToolFact[]): ToolFact {
  const expected = declared.find(({ path }) => path === tool.path);
  return expected ? { ...tool, trace: [...expected.trace, ...tool.trace], because: expected.because } : tool;
}

/** What the Dockerfile sets, it sets in a line; the form of a command is lost in the image. */
function explained<T extends string | CommandLine>(
  seen: ConfigFact<T> | undefined,
  declared: ConfigFact<T> | undefined,
): ConfigFact<T> | undefined {
  if (!seen || !declared) return seen ?? declared;
  return textOf(seen.value) === textOf(declared.value) ? declared : seen;
}

function textOf(value: string | CommandLine): string {
  return typeof value === 'string' ? value : JSON.stringify(value.argv);
}
