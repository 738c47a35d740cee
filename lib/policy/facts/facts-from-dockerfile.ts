import { recognise, type RecogniseOptions } from '../../bases/recognise';
import type {
  BroughtTool,
  DockerfileAnalysis,
  FinalBase,
  Introduction,
  SourceLocation,
  Traced,
} from '../../dockerfile/analysis';
import type { LayerFacts } from '../../layers/layer-facts';
import type { ConfigFact, ImageFacts, ToolFact, Trace, UnprovenFact } from '../image-facts';
import { baseFact, inherited, inheritedCommand } from './facts-from-reference';

/** What the facts of a Dockerfile rest on besides its analysis. */
export interface DockerfileFactsOptions extends RecogniseOptions {
  /** The Dockerfile, as it should be shown to people. */
  readonly subject: string;
  /**
   * The platform that the build was told.
   *
   * @default - none: the platform is the builder's, and not known, unless the Dockerfile states another
   */
  readonly platform?: string;
  /** What is known of the layers of an image, from a lock file for instance. */
  readonly evidence?: (reference: string, platform: string) => LayerFacts | undefined;
}

/** What analysis assumes where nobody says for which platform to build. */
const ASSUMED_PLATFORM = 'linux/amd64';

/** The facts of an image that is built from a Dockerfile, as far as the Dockerfile and its context tell them. */
export function factsFromDockerfile(analysis: DockerfileAnalysis, options: DockerfileFactsOptions): ImageFacts {
  const { subject } = options;
  if (analysis.refusal) return refused(analysis.refusal, subject);
  const base = baseOf(analysis, options);
  const evidence = evidenceOfBase(analysis, options);
  const trace = base?.trace ?? [];
  return {
    subject,
    proof: 'dockerfile',
    base: base && { ...base, ...(evidence && { inspected: true }) },
    shells: [...baseTools('shell', trace, evidence), ...broughtTools('shell', analysis.introductions)],
    packageManagers: [
      ...baseTools('package-manager', trace, evidence),
      ...broughtTools('package-manager', analysis.introductions),
    ],
    unproven: [...unprovenOf(analysis), ...unprovenLayers(trace, evidence)],
    user: ownFact(analysis.user) ?? inherited(evidence?.user ?? analysis.user?.value ?? base?.verdict?.user, trace),
    entrypoint: ownFact(analysis.entrypoint) ?? inheritedEntrypoint(analysis, base, evidence),
    cmd: ownFact(analysis.cmd) ?? inheritedCmd(analysis, trace, evidence),
    healthCheck: ownFact(analysis.healthCheck) ?? inherited(analysis.healthCheck?.value, trace),
    platform: platformOf(analysis, options),
  };
}

/** What the layers of the base say beats what is known of its name. */
function inheritedEntrypoint(
  analysis: DockerfileAnalysis,
  base: ImageFacts['base'],
  evidence: LayerFacts | undefined,
): ImageFacts['entrypoint'] {
  if (says(analysis, 'ENTRYPOINT')) return undefined;
  const argv = evidence?.entrypoint ?? analysis.entrypoint?.value.argv ?? base?.verdict?.entrypoint;
  return inheritedCommand(argv, base?.trace ?? []);
}

/** An entrypoint of its own drops the command of the base. */
function inheritedCmd(analysis: DockerfileAnalysis, trace: Trace, evidence?: LayerFacts): ImageFacts['cmd'] {
  if (says(analysis, 'ENTRYPOINT') || says(analysis, 'CMD')) return undefined;
  return inheritedCommand(evidence?.cmd ?? analysis.cmd?.value.argv, trace);
}

/** Whether the chain holds an instruction. `ENTRYPOINT []` takes away what the base has, and leaves nothing to show. */
function says({ stages, baseChain }: DockerfileAnalysis, instruction: string): boolean {
  const lines = new Set(baseChain.map(({ line }) => line));
  return stages.some(
    ({ location, commands }) =>
      lines.has(location.line) && commands.some((command) => command.toUpperCase() === instruction),
  );
}

function refused({ message, location }: { message: string; location?: SourceLocation }, subject: string): ImageFacts {
  const reason = `BuildKit would refuse the Dockerfile: ${message}`;
  const trace = location ? [location] : [];
  const fix = 'mend the Dockerfile: docker build fails with it too';
  return { subject, proof: 'dockerfile', shells: [], packageManagers: [], unproven: [{ reason, trace, fix }] };
}

function baseOf(analysis: DockerfileAnalysis, options: RecogniseOptions): ImageFacts['base'] {
  const { base } = analysis;
  if (base.kind === 'scratch') return baseFact(recognise('scratch'), chainTrace(analysis, base.location));
  if (base.kind !== 'image') return undefined;
  return baseFact(recognise(base.reference, options), chainTrace(analysis, base.location));
}

/** The line that names the base first, then those that lead from it to the target. */
function chainTrace({ baseChain }: DockerfileAnalysis, location: SourceLocation): Trace {
  const others = baseChain.filter((place) => place.line !== location.line || place.file !== location.file);
  return [location, ...others.toReversed()];
}

/** A mirror need not hold what it is a mirror of: what counts is what was seen under the reference as it is written. */
function evidenceOfBase({ base }: DockerfileAnalysis, options: DockerfileFactsOptions): LayerFacts | undefined {
  return base.kind === 'image' ? options.evidence?.(base.reference, base.platform) : undefined;
}

function platformOf({ platform }: DockerfileAnalysis, options: DockerfileFactsOptions): string | undefined {
  return options.platform !== undefined || platform !== ASSUMED_PLATFORM ? platform || undefined : undefined;
}

function baseTools(category: BroughtTool['category'], trace: Trace, evidence?: LayerFacts): readonly ToolFact[] {
  return (evidence?.tools ?? [])
    .filter((tool) => tool.category === category)
    .map(({ kind, path, by }) => ({ kind, path, by, trace, because: 'it is in the base' }));
}

function broughtTools(category: BroughtTool['category'], introductions: readonly Introduction[]): readonly ToolFact[] {
  return introductions
    .filter(({ verdict }) => verdict === 'violation')
    .flatMap(({ tools, trace, subject }) =>
      tools
        .filter((tool) => tool.category === category)
        .map(({ kind, path, by }) => ({ kind, path, by, trace, because: subject })),
    );
}

function unprovenOf({ introductions, unproven, base }: DockerfileAnalysis): readonly UnprovenFact[] {
  return [
    ...unresolvedBase(base),
    ...introductions.filter(isUnproven).map(unprovenIntroduction),
    ...unproven.map(({ reason, location }) => ({ reason, trace: location ? [location] : [] })),
  ];
}

function unprovenIntroduction({ reason, subject, trace, instruction }: Introduction): UnprovenFact {
  const instead =
    instruction === 'RUN'
      ? 'run it in a builder stage and copy what it produces'
      : "copy named files, or directories of the program's own";
  const fix = `${instead}; or have the image built and looked into: cdk-distroless verify`;
  return { reason: reason ?? subject, trace, fix };
}

/** A violation that names no tool is not lost. */
function isUnproven({ verdict, tools }: Introduction): boolean {
  return verdict === 'unproven' || (verdict === 'violation' && tools.length === 0);
}

function unresolvedBase(base: FinalBase): readonly UnprovenFact[] {
  if (base.kind === 'context') {
    const reason = `the named context ${base.name} (${base.value}) takes the place of the base, and is not an image`;
    return [{ reason, trace: [base.location] }];
  }
  if (base.kind !== 'unresolved') return [];
  return [{ reason: `the base is not known: ${base.reason}`, trace: base.location ? [base.location] : [] }];
}

function unprovenLayers(trace: Trace, evidence?: LayerFacts): readonly UnprovenFact[] {
  return (evidence?.unproven ?? []).map(({ reason, path }) => ({ reason: `in the base: ${reason}`, path, trace }));
}

/** What an instruction sets; what has no location was set by the base. */
function ownFact<T>({ value, location }: Partial<Traced<T>> = {}): ConfigFact<T> | undefined {
  return location && value !== undefined ? { value, trace: [location] } : undefined;
}
