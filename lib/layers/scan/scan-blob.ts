import { compressionOf, MAGIC_BYTES, type Compression } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { DigestCheck } from '../digest/digest';
import type { ByteSink, LayerBlob } from '../image-source';
import type { Limits } from '../limits';
import { searchRoom } from '../recognise/machine-code';
import type { Companion, CompanionScan } from '../sources/companion';
import type { Budget } from './budget';
import { DirectIntake, type IntakeOrder, type LayerIntake } from './layer-intake';
import { scanOf } from './known-scans';
import type { LayerScan } from './layer-scan';
import type * as packedIntakeFile from './packed-intake';

export interface BlobScanOptions {
  readonly diffId: string;
  readonly limits: Limits;
  readonly budget: Budget;
  /** Whether bytes are read that are only needed to check the diff id of a layer that is not packed. */
  readonly readEverything: boolean;
  /** Told how many bytes, as stored, have been read. */
  readonly onRead?: (bytes: number) => void;
  /** Layers to be read besides, if that can be done. */
  readonly companions?: readonly Companion[];
  /** Told what has been learnt of them, by their indexes. */
  readonly onCompanion?: (index: number, learnt: CompanionScan) => void;
}

/** Below this size, in bytes, an unpacked layer is read as a whole, so that its diff id is verified and its scan can be kept. */
const WORTH_SKIPPING = 4 * 1024 * 1024;

/** Reads a layer from its beginning to its end, once: unpacks it, checks its digests, and notes what it changes. */
export function scanBlob(blob: LayerBlob, options: BlobScanOptions): LayerScan {
  const before = { ...options.budget };
  const reading = new BlobReading(blob, options);
  try {
    return reading.run();
  } catch (error) {
    if (!reading.usesProgram) throw error;
    // A program says neither what is wrong in words that are ours, nor does it refuse all that is refused here.
    Object.assign(options.budget, before);
    return new BlobReading(blob, { ...options, onRead: undefined }, false).run();
  }
}

/** Where the intake unpacks by itself. */
const NO_DECODER: Decoder = { push: () => undefined, finish: () => undefined };

class BlobReading implements ByteSink {
  private readonly order: IntakeOrder;
  private intake?: LayerIntake;
  /** Set when bytes may be left out. */
  private direct?: DirectIntake;
  /** Set when the digest of what is stored is not left to the intake. */
  private check?: DigestCheck;
  private decoder?: Decoder;
  private isPacked = true;
  private head = Buffer.alloc(0);

  public constructor(
    private readonly blob: LayerBlob,
    private readonly options: BlobScanOptions,
    private readonly mayUseProgram = true,
  ) {
    const { diffId, limits, budget } = options;
    this.order = { digest: blob.digest, diffId, limits, budget };
  }

  public run(): LayerScan {
    try {
      this.blob.read(this);
      return this.finish();
    } catch (error) {
      // Of all that is wrong with a layer, what comes first in it is told: how far another thread has come must not matter.
      throw this.intake?.fault?.() ?? error;
    } finally {
      this.intake?.close?.();
    }
  }

  /** Whether another program has unpacked the layer, or failed to. */
  public get usesProgram(): boolean {
    return this.intake?.unpacks === true;
  }

  public get skippable(): number {
    return this.direct?.skippable ?? 0;
  }

  public skip(count: number): void {
    this.direct?.skip(count);
    this.options.onRead?.(count);
  }

  public room(): Buffer | undefined {
    // What is not packed is taken in as it is read; what is, must lie elsewhere than what it is unpacked to.
    return this.isPacked ? this.intake?.room?.('stored') : searchRoom();
  }

  public push(chunk: Uint8Array): void {
    this.options.onRead?.(chunk.length);
    if (this.decoder) this.unpack(chunk);
    else this.begin(chunk);
  }

  private finish(): LayerScan {
    if (!this.decoder) this.open();
    this.decoder?.finish();
    this.check?.finish();
    const content = (this.intake as LayerIntake).finish();
    this.tellOfCompanions();
    const { diffId } = this.options;
    return scanOf({ diffId, digest: this.blob.digest }, this.direct === undefined, content);
  }

  private tellOfCompanions(): void {
    this.intake?.companions?.forEach((learnt, index) => learnt && this.options.onCompanion?.(index, learnt));
  }

  private begin(chunk: Uint8Array): void {
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length >= MAGIC_BYTES) this.open();
  }

  private open(): void {
    const compression = compressionOf(this.head);
    this.isPacked = compression !== 'none';
    const intake: LayerIntake = this.isPacked ? this.openPacked(compression) : this.openDirect();
    this.intake = intake;
    if (intake.unpacks) this.decoder = NO_DECODER;
    else if (this.isPacked) this.decoder = ofPackedLayers().unpackingInto(intake, compression);
    else this.decoder = { push: (chunk) => intake.unpacked(chunk), finish: () => undefined };
    this.unpack(this.head);
  }

  private openPacked(compression: Compression): LayerIntake {
    // Of gzip, unpacking is the larger part of the work: the thread that does the rest has time for more.
    const companions = compression === 'gzip' ? (this.options.companions ?? []) : [];
    const { mayUseProgram } = this;
    const order = this.orderFor(compression);
    return ofPackedLayers().packedIntake(order, this.blob, compression, { mayUseProgram, companions });
  }

  /** Of the work on zstd, unpacking is the smaller part: this thread has time to check what is stored, while the other does all else. */
  private orderFor(compression: Compression): IntakeOrder {
    if (compression === 'gzip') return { ...this.order, hasTrailers: true };
    const { digest, ...order } = this.order;
    if (digest !== undefined) this.check = new DigestCheck('the stored layer', digest);
    return order;
  }

  /** Bytes may be left out where no digest would miss them, and where leaving them out saves something. */
  private openDirect(): DirectIntake {
    const { digest, sizeBytes = 0 } = this.blob;
    const sparse = digest === undefined && sizeBytes > WORTH_SKIPPING && !this.options.readEverything;
    const intake = new DirectIntake({ ...this.order, ...(sparse && { diffId: undefined }) });
    if (sparse) this.direct = intake;
    return intake;
  }

  private unpack(chunk: Uint8Array): void {
    this.intake?.stored(chunk);
    this.check?.update(chunk);
    this.decoder?.push(chunk);
  }
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- needs much, and layers in archives of `docker save` are not packed
const ofPackedLayers = () => require('./packed-intake') as typeof packedIntakeFile;
