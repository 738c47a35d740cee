import { compressionOf, MAGIC_BYTES } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { decoderFor } from '../decode/decoder-for';
import type { ByteSink, LayerBlob } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { RECOGNISER_VERSION } from '../recognise/content-recogniser';
import { threadIntake } from '../sources/scan-thread';
import { DirectIntake, type IntakeOrder, type LayerIntake } from './layer-intake';
import type { Usage } from './layer-scanner';
import type { LayerScan } from './layer-scan';

/** What all layers of an image have used up of its limits. */
export interface Budget extends Usage {
  packedBytes: number;
  unpackedBytes: number;
}

export interface BlobScanOptions {
  readonly diffId: string;
  readonly limits: Limits;
  readonly budget: Budget;
  /** Whether bytes are read that are only needed to check the diff id of a layer that is not packed. */
  readonly readEverything: boolean;
  /** Told how many bytes, as stored, have been read. */
  readonly onRead?: (bytes: number) => void;
}

/** Below this size, in bytes, an unpacked layer is read as a whole, so that its diff id is verified and its scan can be kept. */
const WORTH_SKIPPING = 4 * 1024 * 1024;

/** Below this size, in bytes, a layer is read before a thread has started. */
const WORTH_A_THREAD = 8 * 1024 * 1024;

/** Reads a layer from its beginning to its end, once: unpacks it, checks its digests, and notes what it changes. */
export function scanBlob(blob: LayerBlob, options: BlobScanOptions): LayerScan {
  const reading = new BlobReading(blob, options);
  try {
    blob.read(reading);
    return reading.finish();
  } finally {
    reading.close();
  }
}

class BlobReading implements ByteSink {
  private readonly order: IntakeOrder;
  private intake?: LayerIntake & { close?(): void };
  /** Set when bytes may be left out. */
  private direct?: DirectIntake;
  private decoder?: Decoder;
  private head = Buffer.alloc(0);

  public constructor(
    private readonly blob: LayerBlob,
    private readonly options: BlobScanOptions,
  ) {
    const { diffId, limits, budget } = options;
    this.order = { digest: blob.digest, diffId, limits, usage: budget };
  }

  public get skippable(): number {
    return this.direct?.skippable ?? 0;
  }

  public skip(count: number): void {
    this.direct?.skip(count);
    this.options.onRead?.(count);
  }

  public room(): Buffer | undefined {
    return this.intake?.room?.('stored');
  }

  public push(chunk: Uint8Array): void {
    this.options.budget.packedBytes += chunk.length;
    this.options.onRead?.(chunk.length);
    if (this.decoder) this.unpack(chunk);
    else this.begin(chunk);
  }

  public finish(): LayerScan {
    if (!this.decoder) this.open();
    this.decoder?.finish();
    const content = (this.intake as LayerIntake).finish();
    return {
      recogniserVersion: RECOGNISER_VERSION,
      diffId: this.options.diffId,
      verified: this.direct === undefined,
      ...content,
    };
  }

  public close(): void {
    this.intake?.close?.();
  }

  private begin(chunk: Uint8Array): void {
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length >= MAGIC_BYTES) this.open();
  }

  private open(): void {
    const compression = compressionOf(this.head);
    if (compression === 'none') this.intake = this.openDirect();
    else this.intake = this.openThread() ?? new DirectIntake(this.order);
    const { intake } = this;
    const room = intake.room && (() => intake.room?.('unpacked') as Buffer);
    this.decoder = decoderFor(compression, (chunk) => this.unpacked(chunk), room);
    this.unpack(this.head);
  }

  /** Bytes may be left out where no digest would miss them, and where leaving them out saves something. */
  private openDirect(): DirectIntake {
    const { digest, sizeBytes = 0 } = this.blob;
    const sparse = digest === undefined && sizeBytes > WORTH_SKIPPING && !this.options.readEverything;
    const intake = new DirectIntake({ ...this.order, ...(sparse && { diffId: undefined }) });
    if (sparse) this.direct = intake;
    return intake;
  }

  private openThread(): (LayerIntake & { close(): void }) | undefined {
    return (this.blob.sizeBytes ?? 0) >= WORTH_A_THREAD ? threadIntake(this.order) : undefined;
  }

  private unpack(chunk: Uint8Array): void {
    this.intake?.stored(chunk);
    this.decoder?.push(chunk);
  }

  private unpacked(chunk: Uint8Array): void {
    const { budget, limits } = this.options;
    budget.unpackedBytes += chunk.length;
    checkExpansion(budget, limits);
    this.intake?.unpacked(chunk);
  }
}

/** Refuses archive bombs: a terabyte of zeros packs into less than a gigabyte as gzip, and into less than a megabyte as zstd. */
function checkExpansion({ packedBytes, unpackedBytes }: Budget, limits: Limits): void {
  if (unpackedBytes > limits.unpackedBytes) {
    throw new InspectionError('limit', `the layers unpack to more than ${limits.unpackedBytes} bytes`);
  }
  if (unpackedBytes > limits.unquestionedBytes && unpackedBytes > packedBytes * limits.expansion) {
    throw new InspectionError(
      'limit',
      `${packedBytes} bytes unpack to ${unpackedBytes} and more`,
      {},
      'an archive bomb',
    );
  }
}
