import type { FileRange, LayerBlob } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { compileForShortRun } from '../short-run';
import type { Companion, CompanionScan } from '../sources/companion';
import { isWithin, noneUsed, sumOf, type Budget } from './budget';
import type { LayerScan, LayerScanCache } from './layer-scan';
import { keepScan, knownScan } from './known-scans';
import { planReading, type ReadingPlan } from './reading-plan';
import { scanBlob } from './scan-blob';
import { isWorthAThread } from './worth-a-thread';

/** A layer whose scan is wanted. */
export interface WantedLayer {
  readonly diffId: string;
  readonly blob: LayerBlob;
}

export interface LayerScansOptions {
  readonly limits: Limits;
  readonly readEverything: boolean;
  /** What has been read of other images. */
  readonly before: Pick<Budget, 'packedBytes' | 'unpackedBytes'>;
  readonly cache?: LayerScanCache;
  /** Told how many bytes of a layer, as stored, have been read. */
  readonly onRead?: (layer: number, bytes: number) => void;
}

/**
 * The scans of the layers of an image, to be asked for one after the other.
 *
 * The largest layer is read before its turn, and small ones at the same time, where there is a processor with little to do. What is wrong
 * with any of them is told in its turn: what could not be read ahead is read again.
 */
export class LayerScans {
  private readonly budget: Budget;
  /** Of layers whose turn has not come. */
  private readonly ahead = new Map<number, LayerScan>();
  private hasReadAhead = false;
  /** The layer that was read ahead in vain: what is read of it has been told already. */
  private failed?: number;

  public constructor(
    private readonly layers: readonly WantedLayer[],
    private readonly options: LayerScansOptions,
  ) {
    const { packedBytes, unpackedBytes } = options.before;
    this.budget = { ...noneUsed(), packedBytes, unpackedBytes };
    // A thread that is still to be started says so by itself when it has loaded its modules.
    if (!this.mayStartThread()) compileForShortRun();
  }

  /** What has been used up of the limits. */
  public get used(): Budget {
    return this.budget;
  }

  /** The scan of the layer of an index: from the cache, or of its bytes. */
  public get(layer: number): LayerScan {
    return this.take(layer) ?? this.find(layer) ?? this.read(layer);
  }

  private mayStartThread(): boolean {
    try {
      return this.layers.some(({ blob }, layer) => isWorthAThread(blob) && !this.isKnown(layer));
    } catch (error) {
      // A layer that is not there is told in its turn.
      if (InspectionError.isInspectionError(error)) return false;
      throw error;
    }
  }

  private take(layer: number): LayerScan | undefined {
    const scan = this.ahead.get(layer);
    this.ahead.delete(layer);
    return scan;
  }

  private find(layer: number): LayerScan | undefined {
    const { diffId, blob } = this.layers[layer];
    return this.options.cache && knownScan(this.options.cache, diffId, blob.digest);
  }

  private read(layer: number): LayerScan {
    if (!this.hasReadAhead) this.readAhead(layer);
    return this.take(layer) ?? this.scan({ leader: layer, companions: [] });
  }

  /** @param first the first layer that has to be read */
  private readAhead(first: number): void {
    this.hasReadAhead = true;
    const before = { ...this.budget };
    let plan: ReadingPlan | undefined;
    try {
      const blobs = this.layers.map(({ blob }) => blob);
      plan = planReading(blobs, first, (layer) => this.isKnown(layer));
      if (plan) this.ahead.set(plan.leader, this.scan(plan));
    } catch (error) {
      if (!InspectionError.isInspectionError(error)) throw error;
      Object.assign(this.budget, before);
      this.failed = plan?.leader;
    }
  }

  private isKnown(layer: number): boolean {
    const known = this.find(layer);
    if (known) this.ahead.set(layer, known);
    return known !== undefined;
  }

  private scan({ leader, companions }: ReadingPlan): LayerScan {
    const { limits, readEverything } = this.options;
    const { diffId, blob } = this.layers[leader];
    const scan = scanBlob(blob, {
      diffId,
      limits,
      readEverything,
      budget: this.budget,
      onRead: this.progressOf(leader),
      companions: companions.map((layer) => this.companion(layer)),
      onCompanion: (index, learnt) => this.learn(companions[index], learnt),
    });
    this.keep(scan);
    return scan;
  }

  private companion(layer: number): Companion {
    const { diffId, blob } = this.layers[layer];
    return { diffId, digest: blob.digest, range: (blob.range as () => FileRange)(), limits: this.options.limits };
  }

  private learn(layer: number, { scan, budget }: CompanionScan): void {
    const used = sumOf(this.budget, budget);
    if (!isWithin(used, this.options.limits)) return;
    Object.assign(this.budget, used);
    this.ahead.set(layer, scan);
    this.keep(scan);
    this.progressOf(layer)?.(budget.packedBytes);
  }

  private keep(scan: LayerScan): void {
    if (scan.verified && this.options.cache) keepScan(this.options.cache, scan);
  }

  private progressOf(layer: number): ((bytes: number) => void) | undefined {
    const { onRead } = this.options;
    return onRead && layer !== this.failed ? (bytes) => onRead(layer, bytes) : undefined;
  }
}
