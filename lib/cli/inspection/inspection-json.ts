import type { CommandLine } from '../../dockerfile/analysis';
import type { ConfigFact, ImageFacts, ToolFact } from '../../policy/image-facts';
import { jsonTrace } from '../../report/json';
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
    unproven: facts.unproven.map(({ reason, path, trace }) => ({ reason, path, trace: jsonTrace(trace) })),
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
      baseChain: jsonTrace(dockerfile.baseChain),
      introductions: dockerfile.introductions.map(({ instruction, subject, trace, verdict, reason }) => ({
        instruction,
        subject,
        verdict,
        reason,
        trace: jsonTrace(trace),
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
  return { path, kind, by, because, trace: jsonTrace(trace) };
}

/** Null where nothing is known, an empty list where it is known that there is none. */
function argvOf(command: ConfigFact<CommandLine> | undefined): readonly string[] | null {
  return command?.value.argv ?? null;
}
