import type { LayerBlob } from '../image-source';
import { compressionAt } from '../sources/stored-compression';

/** Layers, by their indexes, that are read at the same time. */
export interface ReadingPlan {
  readonly leader: number;
  /** Small layers that are read while the leader is. */
  readonly companions: readonly number[];
}

const MIB = 1024 * 1024;

/** Below these sizes, in bytes, nothing is gained. */
const LEADER_BYTES = 24 * MIB;
const COMPANION_BYTES = MIB;

/**
 * So much of the leader the companions are at most. Of images with a JDK, Go and Node.js, on two processors: with a tenth, reading took a
 * tenth less time; with a sixth or more, as long as one layer after the other.
 */
const COMPANIONS_SHARE = 1 / 8;

/** What the companions are at most together, in bytes: for the rest of them the leader has to wait. */
const COMPANIONS_BYTES = 64 * MIB;

interface Candidate {
  readonly layer: number;
  readonly size: number;
}

/**
 * Chooses a large layer and small ones to be read while it is. Only of gzip, unpacking is so much of the work that there is time for others.
 *
 * @param first the first layer that has to be read
 * @param isKnown whether a layer need not be read
 * @returns undefined when there are none
 */
export function planReading(
  blobs: readonly LayerBlob[],
  first: number,
  isKnown: (layer: number) => boolean,
): ReadingPlan | undefined {
  const isWanted = ({ layer }: Candidate) => (layer === first || !isKnown(layer)) && isGzip(blobs[layer]);
  const bySize = blobs
    .map(({ sizeBytes = 0 }, layer) => ({ layer, size: sizeBytes }))
    .filter(({ layer, size }) => layer >= first && size >= COMPANION_BYTES)
    .sort((a, b) => b.size - a.size);
  const leader = bySize.find((candidate) => candidate.size >= LEADER_BYTES && isWanted(candidate));
  if (leader === undefined) return undefined;
  const room = Math.min(COMPANIONS_SHARE * leader.size, COMPANIONS_BYTES);
  const companions = fitting(bySize, room, isWanted);
  return companions.length === 0 ? undefined : { leader: leader.layer, companions };
}

function fitting(candidates: readonly Candidate[], room: number, isWanted: (one: Candidate) => boolean): number[] {
  const chosen: number[] = [];
  let left = room;
  for (const candidate of candidates) {
    if (candidate.size > left || !isWanted(candidate)) continue;
    chosen.push(candidate.layer);
    left -= candidate.size;
  }
  return chosen;
}

function isGzip(blob: LayerBlob): boolean {
  return blob.range !== undefined && compressionAt(blob.range()) === 'gzip';
}
