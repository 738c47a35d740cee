import { readSync } from 'node:fs';
import type { Decoder } from '../decode/decoder';
import { gzipDecoder } from '../decode/gzip-decoder';
import type { FileRange } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { searchRoom } from '../recognise/machine-code';
import { noneUsed, type Budget } from '../scan/budget';
import { scanOf } from '../scan/known-scans';
import { DirectIntake } from '../scan/layer-intake';
import type { LayerScan } from '../scan/layer-scan';

/** A layer of gzip that is read on the side, while another thread unpacks a larger one. */
export interface Companion {
  readonly range: FileRange;
  readonly digest?: string;
  readonly diffId: string;
  readonly limits: Limits;
}

/** What has been learnt of it, and what that has used up of the limits. */
export interface CompanionScan {
  readonly scan: LayerScan;
  readonly budget: Budget;
}

/** Read at a time, in bytes: little, for the other work waits meanwhile. */
const STEP_BYTES = 64 * 1024;

/** Hardly any layer unpacks to more than so many times its size; one that does is not read on the side. */
const MOST_EXPANSION = 16;

/** Reads companions one after the other, a little at a time. */
export class CompanionReader {
  private readonly scans: Array<CompanionScan | undefined> = [];
  private current?: CompanionReading;

  public constructor(private readonly companions: readonly Companion[]) {}

  /** @returns whether anything is left to do */
  public step(): boolean {
    const { length } = this.scans;
    if (length === this.companions.length) return false;
    try {
      this.current ??= new CompanionReading(this.companions[length]);
      if (this.current.step()) return true;
      this.end(this.current.finish());
    } catch {
      // It is read again when its turn comes, and what is wrong with it is told then.
      this.end(undefined);
    }
    return this.scans.length < this.companions.length;
  }

  /** Does all that is left. @returns one for each companion, undefined when it could not be read on the side */
  public finish(): ReadonlyArray<CompanionScan | undefined> {
    while (this.step());
    return this.scans;
  }

  private end(scan: CompanionScan | undefined): void {
    this.scans.push(scan);
    this.current = undefined;
  }
}

/** A companion that is being read. */
class CompanionReading {
  private readonly budget = noneUsed();
  private readonly chunk = Buffer.allocUnsafeSlow(STEP_BYTES);
  private readonly intake: DirectIntake;
  private readonly decoder: Decoder;
  private at = 0;

  public constructor(private readonly companion: Companion) {
    const { digest, diffId, limits, range } = companion;
    const unpackedBytes = Math.min(limits.unpackedBytes, MOST_EXPANSION * range.size);
    const order = { digest, diffId, hasTrailers: true, limits: { ...limits, unpackedBytes }, budget: this.budget };
    const intake = new DirectIntake(order);
    this.intake = intake;
    const room = searchRoom();
    this.decoder = gzipDecoder(
      (chunk) => intake.unpacked(chunk),
      room && (() => room),
      (trailer) => intake.trailer(trailer),
    );
  }

  public step(): boolean {
    const { fd, start, size } = this.companion.range;
    const read = readSync(fd, this.chunk, 0, Math.min(STEP_BYTES, size - this.at), start + this.at);
    if (read === 0) throw new InspectionError('truncated', 'the file ends before it should');
    const bytes = this.chunk.subarray(0, read);
    this.intake.stored(bytes);
    this.decoder.push(bytes);
    this.at += read;
    return this.at < size;
  }

  public finish(): CompanionScan {
    this.decoder.finish();
    const content = this.intake.finish();
    return { scan: scanOf(this.companion, true, content), budget: this.budget };
  }
}
