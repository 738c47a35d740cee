import { InspectionError } from '../inspection-error';
import type { IntakeOrder, LayerContent, LayerIntake } from '../scan/layer-intake';
import { threadIntake, type ThreadIntake } from './scan-thread';
import { ZstdProgram } from './zstd-program';

/**
 * Has the program `zstd` unpack a layer: this thread feeds it, the second one takes in what it puts out. When anything is wrong with the
 * layer, this says no more than that.
 */
class ProgramIntake implements LayerIntake {
  public readonly unpacks = true;
  private readonly packedBefore: number;
  private packedBytes = 0;

  public constructor(
    private readonly program: ZstdProgram,
    private readonly thread: ThreadIntake,
    private readonly order: IntakeOrder,
  ) {
    this.packedBefore = order.budget.packedBytes;
  }

  public stored(chunk: Uint8Array): void {
    this.packedBytes += chunk.length;
    this.thread.feed(this.packedBytes);
    if (!this.program.write(chunk)) throw new InspectionError('corrupt', 'zstd: unpacking has ended early');
  }

  public unpacked(): void {
    throw new TypeError('the program gives the unpacked bytes to the second thread');
  }

  public trailer(): void {
    throw new TypeError('zstd frames have no trailers that are looked at here');
  }

  public finish(): LayerContent {
    this.program.end();
    const content = this.thread.finish();
    if (!this.program.isContent()) throw new InspectionError('corrupt', 'zstd: the stream is damaged');
    this.order.budget.packedBytes = this.packedBefore + this.packedBytes;
    return content;
  }

  /** Ends the program, then lets the thread go, which reads to the end of what the program has put out. */
  public close(): void {
    this.program.kill();
    this.thread.close();
    this.program.close();
  }
}

/**
 * An intake that unpacks zstd with the program of that name, and works in a second thread.
 *
 * @returns undefined when there is no such program, or no thread
 */
export function programIntake(order: IntakeOrder): (LayerIntake & { close(): void }) | undefined {
  const program = ZstdProgram.start();
  if (!program) return undefined;
  const thread = threadIntake(order, program.output);
  if (thread) return new ProgramIntake(program, thread, order);
  program.close();
  return undefined;
}
