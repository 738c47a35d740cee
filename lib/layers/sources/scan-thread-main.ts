import { readSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { InspectionError } from '../inspection-error';
import { searchRoom } from '../recognise/machine-code';
import type { Budget } from '../scan/budget';
import { DirectIntake } from '../scan/layer-intake';
import { compileForShortRun, expectShortRun } from '../short-run';
import { ChunkRing } from './chunk-ring';
import { CompanionReader } from './companion';
import { RingReader } from './ring-reader';
import type { ProgramOutput } from './zstd-program';
import type { ScanAnswer, ScanJob, ScanThreadData } from './scan-thread';

/** Read at a time of what a program puts out. */
const OUTPUT_BYTES = 256 * 1024;

/** What the second thread runs: it takes in one layer after the other. See `scan-thread.ts`. */
function serve({ memory, port, isShortRun }: ScanThreadData): void {
  if (isShortRun) expectShortRun();
  compileForShortRun();
  const ring = new RingReader(new ChunkRing(memory));
  port.on('message', (job: ScanJob) => {
    const answer = run(ring, job);
    port.postMessage(answer);
    ring.stop();
  });
}

function run(ring: RingReader, job: ScanJob): ScanAnswer {
  try {
    return takeIn(ring, job);
  } catch (error) {
    if (!InspectionError.isInspectionError(error))
      return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    const { code, problem, place, hint } = error;
    return { fault: { code, problem, place, hint } };
  }
}

function takeIn(ring: RingReader, { order, output, companions }: ScanJob): ScanAnswer {
  const intake = new DirectIntake(order);
  const reader = new CompanionReader(companions);
  if (output) takeOutput(output, intake, ring, order.budget);
  const complete = ring.readAll(
    (kind, chunk) => intake[kind](kind === 'unpacked' && isSearched(chunk, intake) ? inRoom(chunk) : chunk),
    () => reader.step(),
  );
  if (!complete) return { crash: 'the layer was not read to its end' };
  return { content: intake.finish(), budget: order.budget, companions: reader.finish() };
}

/** Whether more is made of it than digests. */
function isSearched(chunk: Uint8Array, intake: DirectIntake): boolean {
  return intake.skippable < chunk.length;
}

/** A copy of what was unpacked, where it can be looked through: to copy takes less time than to look through it elsewhere. */
function inRoom(chunk: Uint8Array): Uint8Array {
  const room = searchRoom();
  if (!room || chunk.length > room.length) return chunk;
  // From memory that threads share, this is the way to copy that is as fast as memcpy.
  room.fill(chunk, 0, chunk.length);
  return room.subarray(0, chunk.length);
}

/** Reads what a program puts out; one that puts out too much, or nonsense, is ended, so that nobody waits for it. */
function takeOutput({ fd, pid }: ProgramOutput, intake: DirectIntake, ring: RingReader, budget: Budget): void {
  const packedBefore = budget.packedBytes;
  const chunk = searchRoom() ?? Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  try {
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      budget.packedBytes = packedBefore + ring.fedBytes;
      intake.unpacked(chunk.subarray(0, read));
    }
  } catch (error) {
    process.kill(pid, 'SIGKILL');
    throw error;
  }
}

serve(workerData as ScanThreadData);
