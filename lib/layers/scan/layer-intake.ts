import { DigestCheck } from '../digest/digest';
import type { Limits } from '../limits';
import { LayerScanner, type Usage } from './layer-scanner';
import type { LayerScan } from './layer-scan';

/** What a scan says of a layer that only its bytes can say. */
export type LayerContent = Pick<LayerScan, 'changes' | 'contents' | 'files' | 'sizeBytes'>;

/** What is made of the bytes of a layer: digests are checked, and what it changes is noted. */
export interface LayerIntake {
  /** Takes bytes as they are stored. */
  stored(chunk: Uint8Array): void;
  /** Takes unpacked bytes. */
  unpacked(chunk: Uint8Array): void;
  /** Memory into which the next bytes of a kind are best put: given from there, they need not be copied. */
  room?(kind: 'stored' | 'unpacked'): Buffer;
  /** Says that all bytes have been given. */
  finish(): LayerContent;
}

/** What the bytes should be, and how much of anything they may hold. */
export interface IntakeOrder {
  readonly digest?: string;
  /** Undefined when bytes will be left out, so that there is none to check. */
  readonly diffId?: string;
  readonly limits: Limits;
  /** Counted on by the intake. */
  readonly usage: Usage;
}

/** Does the work as the bytes come in. */
export class DirectIntake implements LayerIntake {
  private readonly scanner: LayerScanner;
  private readonly storedCheck?: DigestCheck;
  private readonly diffIdCheck?: DigestCheck;

  public constructor({ digest, diffId, limits, usage }: IntakeOrder) {
    this.scanner = new LayerScanner(limits, usage);
    if (diffId !== undefined) this.diffIdCheck = new DigestCheck('the unpacked layer', diffId);
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
    this.storedCheck?.update(chunk);
  }

  public unpacked(chunk: Uint8Array): void {
    this.diffIdCheck?.update(chunk);
    this.scanner.tar.push(chunk);
  }

  public finish(): LayerContent {
    this.storedCheck?.finish();
    const content = this.scanner.finish();
    this.diffIdCheck?.finish();
    return content;
  }
}
