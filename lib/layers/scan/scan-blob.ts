import { DigestCheck } from '../digest/digest';
import { compressionOf, MAGIC_BYTES, type Compression } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { decoderFor } from '../decode/decoder-for';
import type { ByteSink, LayerBlob } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { RECOGNISER_VERSION } from '../recognise/content-recogniser';
import { LayerScanner, type Usage } from './layer-scanner';
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

/** Reads a layer from its beginning to its end, once: unpacks it, checks its digests, and notes what it changes. */
export function scanBlob(blob: LayerBlob, options: BlobScanOptions): LayerScan {
  const reading = new BlobReading(blob, options);
  blob.read(reading);
  return reading.finish();
}

class BlobReading implements ByteSink {
  private readonly scanner: LayerScanner;
  private readonly storedCheck?: DigestCheck;
  private readonly diffIdCheck: DigestCheck;
  private compression?: Compression;
  private decoder?: Decoder;
  private head = Buffer.alloc(0);
  private skipped = false;

  public constructor(
    blob: LayerBlob,
    private readonly options: BlobScanOptions,
  ) {
    this.scanner = new LayerScanner(options.limits, options.budget);
    this.diffIdCheck = new DigestCheck('the unpacked layer', options.diffId);
    if (blob.digest !== undefined) this.storedCheck = new DigestCheck('the stored layer', blob.digest);
  }

  /** Bytes that are not needed may be left out where no digest would miss them. */
  public get skippable(): number {
    const needed = this.compression !== 'none' || this.options.readEverything || this.storedCheck !== undefined;
    return needed ? 0 : this.scanner.tar.skippable;
  }

  public skip(count: number): void {
    this.skipped = true;
    this.scanner.tar.skip(count);
    this.options.onRead?.(count);
  }

  public push(chunk: Uint8Array): void {
    this.options.budget.packedBytes += chunk.length;
    this.options.onRead?.(chunk.length);
    this.storedCheck?.update(chunk);
    if (this.decoder) this.decoder.push(chunk);
    else this.begin(chunk);
  }

  public finish(): LayerScan {
    if (!this.decoder) this.openDecoder();
    this.decoder?.finish();
    this.storedCheck?.finish();
    const result = this.scanner.finish();
    if (!this.skipped) this.diffIdCheck.finish();
    return { recogniserVersion: RECOGNISER_VERSION, diffId: this.options.diffId, verified: !this.skipped, ...result };
  }

  private begin(chunk: Uint8Array): void {
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length >= MAGIC_BYTES) this.openDecoder();
  }

  private openDecoder(): void {
    this.compression = compressionOf(this.head);
    this.decoder = decoderFor(this.compression, (chunk) => this.unpacked(chunk));
    this.decoder.push(this.head);
  }

  private unpacked(chunk: Uint8Array): void {
    const { budget, limits } = this.options;
    budget.unpackedBytes += chunk.length;
    checkExpansion(budget, limits);
    if (!this.skipped) this.diffIdCheck.update(chunk);
    this.scanner.tar.push(chunk);
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
