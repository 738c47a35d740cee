import { closeSync } from 'node:fs';
import type { LayerBlob } from '../image-source';
import { InspectionError } from '../inspection-error';
import { searchRoom } from '../recognise/machine-code';
import { DirectIntake, type IntakeOrder, type LayerIntake } from '../scan/layer-intake';
import type { LayerContent } from '../scan/layer-scan';
import { threadIntake, type ThreadIntake } from './scan-thread';
import { ZstdProgram } from './zstd-program';

/** Has the program `zstd` unpack a layer. When anything is wrong with the layer, this says no more than that. */
abstract class ProgramIntake implements LayerIntake {
  public readonly unpacks = true;

  public constructor(protected readonly program: ZstdProgram) {}

  public abstract stored(chunk: Uint8Array): void;

  public abstract finish(): LayerContent;

  public unpacked(): void {
    throw new TypeError('the program unpacks');
  }

  public trailer(): void {
    throw new TypeError('zstd frames have no trailers that are looked at here');
  }

  /** Ends the program. */
  public close(): void {
    this.program.close();
  }

  protected checkContent(): void {
    if (!this.program.isContent()) throw new InspectionError('corrupt', 'zstd: the stream is damaged');
  }
}

/** This thread feeds the program, the second one takes in what it puts out: all of it, however much that is. */
class FedProgramIntake extends ProgramIntake {
  private readonly packedBefore: number;
  private packedBytes = 0;

  public constructor(
    program: ZstdProgram,
    private readonly thread: ThreadIntake,
    private readonly order: IntakeOrder,
  ) {
    super(program);
    this.packedBefore = order.budget.packedBytes;
  }

  public stored(chunk: Uint8Array): void {
    this.packedBytes += chunk.length;
    this.thread.feed(this.packedBytes);
    if (!this.program.write(chunk)) throw new InspectionError('corrupt', 'zstd: unpacking has ended early');
  }

  public finish(): LayerContent {
    this.program.end();
    const content = this.thread.finish();
    this.checkContent();
    this.order.budget.packedBytes = this.packedBefore + this.packedBytes;
    return content;
  }

  /** Ends the program, then lets the thread go, which reads to the end of what the program has put out. */
  public override close(): void {
    this.program.kill();
    this.thread.close();
    super.close();
  }
}

/** How many unpacked bytes are taken for each stored one, until all that is stored has been checked: most layers have more than that. */
const UNPACKED_PER_STORED = 2;

/** What is read of the program's output at a time, in bytes. */
const OUTPUT_BYTES = 256 * 1024;

/**
 * The program reads the file by itself, and this thread takes what it puts out. Two processors are busy with that: a further thread would
 * only be in their way.
 */
class FileProgramIntake extends ProgramIntake {
  private readonly intake: DirectIntake;
  private readonly chunk = searchRoom() ?? Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  private over = false;

  public constructor(program: ZstdProgram, order: IntakeOrder) {
    super(program);
    this.intake = new DirectIntake(order);
  }

  public stored(chunk: Uint8Array): void {
    this.intake.stored(chunk);
    this.take(UNPACKED_PER_STORED * chunk.length);
  }

  public finish(): LayerContent {
    this.take(Infinity);
    const content = this.intake.finish();
    this.checkContent();
    return content;
  }

  private take(atLeast: number): void {
    for (let taken = 0; taken < atLeast && !this.over;) {
      const read = this.program.read(this.chunk);
      this.intake.unpacked(this.chunk.subarray(0, read));
      taken += read;
      this.over = read === 0;
    }
  }
}

/**
 * An intake that unpacks zstd with the program of that name.
 *
 * @returns undefined when there is no such program, or no second thread where one is needed
 */
export function programIntake(order: IntakeOrder, blob: LayerBlob): (LayerIntake & { close(): void }) | undefined {
  return blob.open ? fileProgramIntake(order, blob.open()) : fedProgramIntake(order);
}

function fedProgramIntake(order: IntakeOrder): ProgramIntake | undefined {
  const program = ZstdProgram.start();
  const thread = program && threadIntake({ order, output: program.output, companions: [] });
  if (thread) return new FedProgramIntake(program, thread, order);
  program?.close();
  return undefined;
}

/** @param file descriptor of a file, which the program then has for itself */
function fileProgramIntake(order: IntakeOrder, file: number): ProgramIntake | undefined {
  try {
    const program = ZstdProgram.start(file);
    return program && new FileProgramIntake(program, order);
  } finally {
    closeSync(file);
  }
}
