import { recognise, type RecogniseOptions } from '../../bases/recognise';
import type { HealthCheckInstruction } from '../../dockerfile/analysis';
import type { FoundTool, LayerFacts } from '../../layers/layer-facts';
import type { ConfigFact, ImageFacts, ToolFact } from '../image-facts';
import { baseFact } from './facts-from-reference';

/** What the facts of layers are told besides them. */
export interface LayerFactsOptions extends RecogniseOptions {
  /**
   * The reference under which the image is run.
   *
   * @default - none: the image was built or saved
   */
  readonly reference?: string;
}

/** The facts of an image whose layers were read. */
export function factsFromLayers(layers: LayerFacts, options: LayerFactsOptions = {}): ImageFacts {
  return {
    subject: options.reference ?? layers.subject,
    proof: 'layers',
    base: baseOf(layers, options),
    shells: toolsOf(layers, 'shell'),
    packageManagers: toolsOf(layers, 'package-manager'),
    unproven: layers.unproven.map(({ reason, path, trace = [] }) => ({ reason, path, trace })),
    user: { value: layers.user, trace: [] },
    entrypoint: { value: { argv: layers.entrypoint, form: 'exec' }, trace: [] },
    cmd: { value: { argv: layers.cmd, form: 'exec' }, trace: [] },
    healthCheck: healthCheckOf(layers),
    platform: layers.platform,
    sizeBytes: layers.sizeBytes,
  };
}

/** The base that the diff ids prove comes before what the reference claims. */
function baseOf({ base }: LayerFacts, { reference, ...options }: LayerFactsOptions): ImageFacts['base'] {
  if (base) {
    const { digest, layers } = base;
    const fact = baseFact(recognise(base.reference, options), []);
    return { ...fact, digest: digest ?? fact.digest, inspected: true, layers };
  }
  return reference === undefined ? undefined : { ...baseFact(recognise(reference, options), []), inspected: true };
}

function toolsOf({ tools }: LayerFacts, category: FoundTool['category']): readonly ToolFact[] {
  return tools
    .filter((tool) => tool.category === category)
    .map(({ kind, path, by, trace }) => ({ kind, path, by, trace }));
}

/** The first word of a health check in an image configuration is NONE, CMD or CMD-SHELL. */
function healthCheckOf({ healthCheck }: LayerFacts): ConfigFact<HealthCheckInstruction> | undefined {
  if (!healthCheck || healthCheck.length === 0) return undefined;
  const [form, ...argv] = healthCheck;
  if (form === 'NONE') return { value: { disabled: true }, trace: [] };
  const command = form === 'CMD-SHELL' ? shellCommand(argv) : ({ argv, form: 'exec' } as const);
  return { value: { disabled: false, command }, trace: [] };
}

function shellCommand(argv: readonly string[]) {
  return { argv: ['/bin/sh', '-c', ...argv], form: 'shell' } as const;
}
