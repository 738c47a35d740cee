import type { BuildRequest, DockerfileAnalysis, FinalBase, ImageDescription } from './analysis';
import type { SourceLocation, StageSummary, UnprovenReason } from './analysis';
import type { BuildStage } from './build-stage';
import { carryOut } from './carry-out';
import type { FinishedStage } from './carry-out';
import { requireCheckOptions } from './check-options';
import { foreignSyntax, requestDoubts } from './doubts';
import { catalogued } from './image-catalogue';
import { parseDockerfile } from './parse';
import { formatPlatform } from './platform';
import type { Place } from './refusal';
import { introductionsOf } from './reach/introductions';
import { RefusedDockerfile } from './refusal';
import type { ResolvedBuild } from './resolve';
import { resolveBuild } from './resolve';
import type { StageList } from './stages';
import { groupIntoStages } from './stages';

/**
 * Says what building a Dockerfile gives: what the image is based on, what comes into it, and how it is run.
 *
 * The answer is BuildKit's. What BuildKit would refuse is in `refusal`, what cannot be known in `unproven`; nothing is guessed.
 */
export function analyseDockerfile(request: BuildRequest): DockerfileAnalysis {
  try {
    return analysis(request);
  } catch (error) {
    if (error instanceof RefusedDockerfile) return refused(request, error);
    throw error;
  }
}

function analysis(request: BuildRequest): DockerfileAnalysis {
  const locate = (place: Place): SourceLocation => ({ file: request.file, ...place });
  const parsed = parseDockerfile(request.text);
  requireCheckOptions(request);
  const list = groupIntoStages(parsed.nodes);
  const build = resolveBuild(list, parsed.escape, request, describing(request));
  const finished = carryOut(build, locate);
  const chain = build.target.chain();
  const { config } = finished.get(build.target)!;
  const { user, entrypoint, cmd, healthCheck, workdir } = config;
  return {
    stages: summaries(list, locate),
    base: finalBase(chain[0], locate),
    baseChain: chain.toReversed().map((stage) => locate(stage.place)),
    images: images(build),
    introductions: introductionsOf(build.target, finished, request, locate),
    ...{ user, entrypoint, cmd, healthCheck, workdir },
    exposedPorts: [...config.ports.values()],
    env: Object.fromEntries(config.env),
    labels: Object.fromEntries(config.labels),
    platform: formatPlatform(build.platform),
    unproven: [...requestDoubts(request, build.epochUnknown), ...chainDoubts(chain, finished, locate)],
  };
}

/** What a frontend of its own makes of a file that BuildKit's would refuse, nobody can say. */
function refused(request: BuildRequest, error: RefusedDockerfile): DockerfileAnalysis {
  const location = error.place && { file: request.file, ...error.place };
  const foreign = foreignSyntax(request) !== undefined;
  return {
    refusal: foreign ? undefined : { message: error.message, location },
    stages: [],
    base: { kind: 'unresolved', reason: error.message, location },
    baseChain: [],
    images: [],
    introductions: [],
    exposedPorts: [],
    env: {},
    labels: {},
    platform: request.platform ?? '',
    unproven: requestDoubts(request, false),
  };
}

/** What the caller knows of an image, or else what the catalogue does; asked once for each. */
function describing(request: BuildRequest): (reference: string) => ImageDescription {
  const known = new Map<string, ImageDescription>();
  return (reference) => {
    const description = known.get(reference) ?? request.describeImage?.(reference) ?? catalogued(reference);
    known.set(reference, description);
    return description;
  };
}

function summaries(list: StageList, locate: (place: Place) => SourceLocation): StageSummary[] {
  return list.stages.map(({ from, instructions }) => ({
    name: from.stage,
    base: from.base,
    platform: from.platform,
    commands: instructions.map(({ node }) => node.keyword),
    location: locate(from.node.line.place(from.node.argsOffset)),
  }));
}

function finalBase(bottom: BuildStage, locate: (place: Place) => SourceLocation): FinalBase {
  const location = locate(bottom.place);
  const { origin } = bottom;
  switch (origin?.kind) {
    case 'scratch':
      return { kind: 'scratch', location };
    case 'image':
      return { kind: 'image', reference: origin.reference, platform: formatPlatform(origin.platform), location };
    case 'context':
      return { kind: 'context', name: origin.context.name, value: origin.context.value, location };
    default:
      return { kind: 'unresolved', reason: `the base ${bottom.baseName} was not resolved`, location };
  }
}

function images(build: ResolvedBuild): { reference: string; platform: string }[] {
  const found = new Map<string, { reference: string; platform: string }>();
  for (const { origin } of build.reachable) {
    if (origin?.kind !== 'image') continue;
    const image = { reference: origin.reference, platform: formatPlatform(origin.platform) };
    found.set(`${image.reference} ${image.platform}`, image);
  }
  return [...found.values()];
}

function chainDoubts(
  chain: readonly BuildStage[],
  finished: ReadonlyMap<BuildStage, FinishedStage>,
  locate: (place: Place) => SourceLocation,
): UnprovenReason[] {
  const doubts = chain.flatMap((stage) => finished.get(stage)?.doubts ?? []);
  const [{ origin, place }] = chain;
  if (origin?.kind === 'context') {
    const { name, value } = origin.context;
    doubts.unshift({ reason: `the base is the build context ${name} (${value}), which is no image`, place });
  }
  return doubts.map(({ reason, place }) => ({ reason, location: locate(place) }));
}
