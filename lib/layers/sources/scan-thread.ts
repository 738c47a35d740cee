import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { InspectionError, type ImagePlace, type InspectionErrorCode } from '../inspection-error';
import type { Budget } from '../scan/budget';
import type { IntakeOrder, LayerIntake } from '../scan/layer-intake';
import type { LayerContent } from '../scan/layer-scan';
import { isShortRun } from '../short-run';
import { ChunkRing, RingTimeout, type ChunkKind } from './chunk-ring';
import type { Companion, CompanionScan } from './companion';
import type { ProgramOutput } from './zstd-program';
import { RingWriter } from './ring-writer';

/** What the thread is asked to do. */
export interface ScanJob {
  readonly order: IntakeOrder;
  /** Where the unpacked bytes come from, when the ring does not bring them. */
  readonly output?: ProgramOutput;
  /** What it reads besides, while there is nothing to do. */
  readonly companions: readonly Companion[];
}

/** What it answers. */
export type ScanAnswer =
  | {
      readonly content: LayerContent;
      readonly budget: Budget;
      readonly companions: ReadonlyArray<CompanionScan | undefined>;
    }
  | {
      readonly fault: {
        readonly code: InspectionErrorCode;
        readonly problem: string;
        readonly place: ImagePlace;
        readonly hint?: string;
      };
    }
  | { readonly crash: string };

/** What the thread is started with. */
export interface ScanThreadData {
  readonly memory: SharedArrayBuffer;
  readonly port: MessagePort;
  /** Whether the process ends soon. */
  readonly isShortRun: boolean;
}

/**
 * Unpacking is half of the work, and cannot be divided. The rest of it, digests and recognisers, is done by a second thread meanwhile.
 * The main thread stays synchronous: it waits for the other one, and never for its own event loop.
 */
class ScanThread {
  private readonly ring = new ChunkRing(ChunkRing.allocate());
  private readonly port: MessagePort;
  private busy = false;

  public constructor(file: string) {
    const { port1, port2 } = new MessageChannel();
    const workerData: ScanThreadData = { memory: this.ring.memory, port: port2, isShortRun: isShortRun() };
    const worker = new Worker(file, { workerData, transferList: [port2] });
    // An idle thread must not keep the process alive.
    worker.unref();
    this.port = port1;
    this.port.unref();
  }

  /** @returns undefined when the thread is at work on another layer */
  public open({ order, output, companions }: ScanJob): ThreadIntake | undefined {
    if (this.busy) return undefined;
    this.busy = true;
    this.ring.reset();
    this.port.postMessage({ order, output, companions } satisfies ScanJob);
    return new ThreadIntake(new RingWriter(this.ring), this.port, order.budget, () => (this.busy = false));
  }
}

/** Hands a layer to the second thread. */
export class ThreadIntake implements LayerIntake {
  /** What has been learnt of the companions, once the layer has been taken in. */
  public companions: ReadonlyArray<CompanionScan | undefined> = [];
  private answered = false;

  public constructor(
    private readonly ring: RingWriter,
    private readonly port: MessagePort,
    private readonly budget: Budget,
    private readonly release: () => void,
  ) {}

  public stored(chunk: Uint8Array): void {
    this.hand('stored', chunk);
  }

  public unpacked(chunk: Uint8Array): void {
    this.hand('unpacked', chunk);
  }

  public trailer(bytes: Uint8Array): void {
    this.hand('trailer', bytes);
  }

  public room(kind: ChunkKind): Buffer {
    return guarded(() => this.ring.room(kind));
  }

  /** Says how many bytes have been given to the program whose output the thread reads. */
  public feed(bytes: number): void {
    this.ring.feed(bytes);
  }

  public finish(): LayerContent {
    this.ring.end('end');
    return this.answer();
  }

  /** What was wrong with the bytes that have been given, if anything was; no more can be given then. */
  public fault(): Error | undefined {
    const answer = this.abandon();
    return answer && 'fault' in answer ? errorOf(answer) : undefined;
  }

  /** Lets the thread go, also in the middle of a layer. */
  public close(): void {
    this.abandon();
    this.release();
  }

  private abandon(): ScanAnswer | undefined {
    if (this.answered) return undefined;
    this.ring.end('abandoned');
    return this.receive();
  }

  private hand(kind: ChunkKind, chunk: Uint8Array): void {
    if (this.answered) return;
    const taken = guarded(() => this.ring.write(kind, chunk));
    if (!taken) this.answer();
  }

  private answer(): LayerContent {
    const answer = this.receive();
    if (answer === undefined) throw unresponsive();
    if ('content' in answer) {
      Object.assign(this.budget, answer.budget);
      this.companions = answer.companions;
      return answer.content;
    }
    throw errorOf(answer);
  }

  private receive(): ScanAnswer | undefined {
    this.answered = true;
    guarded(() => this.ring.waitUntilStopped());
    const received: { readonly message: ScanAnswer } | undefined = receiveMessageOnPort(this.port);
    return received?.message;
  }
}

let thread: ScanThread | undefined;

/** Whether the thread has been started, so that using it costs next to nothing. */
export function hasThread(): boolean {
  return thread !== undefined;
}

/**
 * An intake that works in a second thread.
 *
 * @returns undefined when there is no second processor, when the thread is at work already, or when the package was put together in a
 *     way that has lost the file of the thread
 */
export function threadIntake(job: ScanJob): ThreadIntake | undefined {
  const file = join(__dirname, 'scan-thread-main.js');
  if (!thread && (availableParallelism() < 2 || isSource(__filename) || !existsSync(file))) return undefined;
  thread ??= new ScanThread(file);
  return thread.open(job);
}

/** Under ts-node and jest, what is compiled may be of another day. */
function isSource(file: string): boolean {
  return file.endsWith('.ts');
}

function guarded<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof RingTimeout ? unresponsive() : error;
  }
}

function errorOf(answer: Exclude<ScanAnswer, { readonly content: LayerContent }>): Error {
  if ('crash' in answer) return new Error(answer.crash);
  const { code, problem, place, hint } = answer.fault;
  return new InspectionError(code, problem, place, hint);
}

function unresponsive(): InspectionError {
  return new InspectionError('unavailable', 'the scanning thread does not answer');
}
