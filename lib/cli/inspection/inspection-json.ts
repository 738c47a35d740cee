import type { SourceLocation } from '../../dockerfile/analysis';
import type { LayerLocation } from '../../layers/layer-facts';
import type { ConfigFact, ImageFacts, ToolFact, Trace } from '../../policy/image-facts';
import type { CommandLine } from '../../dockerfile/analysis';
import { verdictOf, worstVerdict, type Inspection } from './inspection';

/** Raised when a member changes its meaning or goes away; new members may come without. */
const SCHEMA_VERSION = 1;

/**
 * The machine-readable form of an inspection; `inspection.schema.json` describes it.
 *
 * An image for several platforms gives the members of its worst one, so that `.verdict` is the verdict on all, and the rest in
 * `platforms`.
 */
export function inspectionJson(inspections: readonly Inspection[]): object {
  const worst = inspections.find((inspection) => verdictOf(inspection) === worstVerdict(inspections)) ?? inspections[0];
  const platforms = inspections.length > 1 ? { platforms: inspections.map(imageJson) } : {};
  return { schemaVersion: SCHEMA_VERSION, ...imageJson(worst), ...platforms };
}

function imageJson(inspection: Inspection): object {
  const { facts } = inspection;
  return {
    subject: facts.subject,
    proof: facts.proof,
    base: baseJson(facts),
    shells: facts.shells.map(toolJson),
    packageManagers: facts.packageManagers.map(toolJson),
    unproven: facts.unproven.map(({ reason, path, trace }) => ({ reason, path, trace: trace.map(placeJson) })),
    user: facts.user?.value ?? null,
    entrypoint: argvOf(facts.entrypoint),
    cmd: argvOf(facts.cmd),
    platform: facts.platform ?? null,
    sizeBytes: facts.sizeBytes ?? null,
    ...detailsJson(inspection),
    verdict: verdictOf(inspection),
  };
}

/** What only layers, or only a Dockerfile, can tell. */
function detailsJson({ layers, dockerfile }: Inspection): object {
  return {
    ...(layers && { layers: layers.layers }),
    ...(dockerfile && {
      baseChain: dockerfile.baseChain.map(placeJson),
      introductions: dockerfile.introductions.map(({ instruction, subject, trace, verdict, reason }) => ({
        instruction,
        subject,
        verdict,
        reason,
        trace: trace.map(placeJson),
      })),
      ...(dockerfile.refusal && { refusal: dockerfile.refusal.message }),
    }),
  };
}

function baseJson({ base }: ImageFacts): object | null {
  if (!base) return null;
  return { reference: base.reference, digest: base.digest ?? null, verdict: base.verdict?.kind ?? null };
}

function toolJson({ path, kind, by, trace, because }: ToolFact): object {
  return { path, kind, by, because, trace: trace.map(placeJson) };
}

/** Null where nothing is known, an empty list where it is known that there is none. */
function argvOf(command: ConfigFact<CommandLine> | undefined): readonly string[] | null {
  return command?.value.argv ?? null;
}

function placeJson(place: SourceLocation | LayerLocation): object {
  return isLayerLocation(place)
    ? { layer: place.layer, path: place.path }
    : { file: place.file, line: place.line, column: place.column, text: place.text };
}

/** Whether a part of a trace is in a layer; otherwise it is in a Dockerfile. */
export function isLayerLocation(place: Trace[number]): place is LayerLocation {
  return 'layer' in place;
}
