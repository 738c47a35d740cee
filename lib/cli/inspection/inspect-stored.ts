import { ImageInspector, type ImageInspection, type InspectionTarget } from '../../evidence/image-inspector';
import { InspectionError } from '../../layers/inspection-error';
import type { LayerFacts } from '../../layers/layer-facts';
import { factsFromLayers } from '../../policy/facts/facts-from-layers';
import { AWS_PLATFORMS } from '../../evidence/platform-name';
import type { Session } from '../session';
import type { Inspection } from './inspection';
import { projectLock } from './project-lock';
import type { Subject } from './subject';

/** Which images are meant, and where they are. */
export interface StoredFlags {
  readonly platforms: readonly string[];
  readonly from?: string;
}

/** Tells what is in an image that exists. */
export async function inspectStored(
  subject: Exclude<Subject, { kind: 'dockerfile' }>,
  flags: StoredFlags,
  { terminal, environment, directory }: Session,
): Promise<readonly Inspection[]> {
  const progress = terminal.progress(`reading ${subject.given}`);
  const inspector = new ImageInspector({
    environment,
    knownBases: projectLock(directory).knownBases,
    onProgress: (done, total) => progress.update(done, total),
  });
  try {
    const { facts, digest } = await firstThatHas(inspector, targetsOf(subject, flags));
    return facts.map((layers) => inspectionOf(layers, digest, subject, facts.length > 1));
  } finally {
    progress.end();
    inspector.close();
  }
}

/** A reference is looked for where `docker run` looks: in the daemon, then in the registry. */
function targetsOf(
  subject: Exclude<Subject, { kind: 'dockerfile' }>,
  { platforms, from }: StoredFlags,
): InspectionTarget[] {
  const wanted = platforms.length > 0 ? platforms : undefined;
  if (subject.kind === 'stream') return [{ kind: 'stream', fd: 0, subject: subject.given, platforms: wanted }];
  if (subject.kind === 'archive') return [{ kind: 'archive', path: subject.path, platforms: wanted }];
  const reference = subject.given.replace(/^docker(-image)?:\/\//, '');
  const daemon: InspectionTarget = { kind: 'daemon', reference, platforms: wanted };
  const registry: InspectionTarget = { kind: 'registry', reference, platforms: wanted ?? AWS_PLATFORMS };
  if (from !== undefined) return [from === 'daemon' ? daemon : registry];
  return [daemon, registry];
}

/** A place that does not have the image, or cannot be asked, gives way to the next; an image that cannot be read does not. */
async function firstThatHas(inspector: ImageInspector, targets: readonly InspectionTarget[]): Promise<ImageInspection> {
  const [target, ...others] = targets;
  try {
    return await inspector.inspect(target);
  } catch (error) {
    const isElsewhere = InspectionError.isInspectionError(error) && ['missing', 'unavailable'].includes(error.code);
    if (!isElsewhere || others.length === 0) throw error;
    return firstThatHas(inspector, others);
  }
}

function inspectionOf(
  layers: LayerFacts,
  digest: string | undefined,
  subject: Subject,
  isOneOfMany: boolean,
): Inspection {
  if (subject.kind === 'reference') {
    const facts = factsFromLayers(layers, { reference: subject.given });
    const base = facts.base && { ...facts.base, digest: layers.base ? facts.base.digest : digest };
    return { facts: { ...facts, base }, layers };
  }
  const name = isOneOfMany && layers.subject !== subject.given ? ` (${layers.subject})` : '';
  return { facts: { ...factsFromLayers(layers), subject: `${subject.given}${name}` }, layers };
}
