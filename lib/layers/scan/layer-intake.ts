import type * as gzipCheckFile from '../decode/gzip-check';
import { DigestCheck } from '../digest/digest';
import type { Limits } from '../limits';
import type { CompanionScan } from '../sources/companion';
import { sharedPlainEntries } from '../tar/plain-entries';
import { checkExpansion, type Budget } from './budget';
import { LayerScanner } from './layer-scanner';
import type { LayerContent } from './layer-scan';

/** What is made of the bytes of a layer: digests are checked, and what it changes is noted. */
export interface LayerIntake {
  /** Takes bytes as they are stored. */
  stored(chunk: Uint8Array): void;
  /** Takes unpacked bytes. */
  unpacked(chunk: Uint8Array): void;
  /** Takes the trailer of a gzip member: what the unpacked bytes since the last one are to be checked by. */
  trailer(bytes: Uint8Array): void;
  /** Memory into which the next bytes of a kind are best put: given from there, they need not be copied. */
  room?(kind: 'stored' | 'unpacked'): Buffer;
  /** What is wrong with the bytes that have been given, where that is not told at once; no more can be given then. */
  fault?(): Error | undefined;
  /** Set when it unpacks what is stored by itself, so that unpacked bytes are not to be given. */
  readonly unpacks?: boolean;
  /** What has been learnt of the companions of the layer, in their order, once it has been taken in. */
  readonly companions?: ReadonlyArray<CompanionScan | undefined>;
  /** Gives back what it works with; also in the middle of a layer. */
  close?(): void;
  /**
   * Says that all bytes have been given.
   *
   * @throws InspectionError when they are not what they should be
   */
  finish(): LayerContent;
}

/** What the bytes should be, and how much of anything they may hold. */
export interface IntakeOrder {
  readonly digest?: string;
  /** Undefined when bytes will be left out, so that there is none to check. */
  readonly diffId?: string;
  /** Whether trailers of gzip members come. */
  readonly hasTrailers?: boolean;
  readonly limits: Limits;
  /** What has been used up of the limits; counted on by the intake. */
  readonly budget: Budget;
}

/** Does the work as the bytes come in. */
export class DirectIntake implements LayerIntake {
  private readonly scanner: LayerScanner;
  private readonly storedCheck?: DigestCheck;
  private readonly diffIdCheck?: DigestCheck;
  private readonly gzipCheck?: gzipCheckFile.GzipCheck;

  public constructor(private readonly order: IntakeOrder) {
    const { digest, diffId, hasTrailers, limits, budget } = order;
    this.scanner = new LayerScanner(limits, budget, sharedPlainEntries());
    if (diffId !== undefined) this.diffIdCheck = new DigestCheck('the unpacked layer', diffId);
    if (hasTrailers === true) this.gzipCheck = new (ofGzip().GzipCheck)();
    if (digest !== undefined) this.storedCheck = new DigestCheck('the stored layer', digest);
  }

  /** How many of the next unpacked bytes nothing but their digest is known by. */
  public get skippable(): number {
    return this.scanner.tar.skippable;
  }

  /** Leaves unpacked bytes out. */
  public skip(count: number): void {
    this.scanner.tar.skip(count);
  }

  public stored(chunk: Uint8Array): void {
    this.order.budget.packedBytes += chunk.length;
    this.storedCheck?.update(chunk);
  }

  public unpacked(chunk: Uint8Array): void {
    const { budget, limits } = this.order;
    budget.unpackedBytes += chunk.length;
    checkExpansion(budget, limits);
    this.gzipCheck?.update(chunk);
    this.diffIdCheck?.update(chunk);
    this.scanner.tar.push(chunk);
  }

  public trailer(bytes: Uint8Array): void {
    this.gzipCheck?.finishMember(bytes);
  }

  public finish(): LayerContent {
    this.storedCheck?.finish();
    const content = this.scanner.finish();
    this.diffIdCheck?.finish();
    return content;
  }
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- layers in archives of `docker save` are not packed
const ofGzip = () => require('../decode/gzip-check') as typeof gzipCheckFile;
