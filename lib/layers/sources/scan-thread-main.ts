import { workerData } from 'node:worker_threads';
import { InspectionError } from '../inspection-error';
import { DirectIntake, type IntakeOrder } from '../scan/layer-intake';
import { ChunkRing } from './chunk-ring';
import { RingReader } from './ring-reader';
import type { ScanAnswer, ScanJob, ScanThreadData } from './scan-thread';

/** What the second thread runs: it takes in one layer after the other. See `scan-thread.ts`. */
function serve({ memory, port }: ScanThreadData): void {
  const ring = new RingReader(new ChunkRing(memory));
  port.on('message', ({ order }: ScanJob) => {
    const answer = run(ring, order);
    port.postMessage(answer);
    ring.stop();
  });
}

function run(ring: RingReader, order: IntakeOrder): ScanAnswer {
  try {
    return takeIn(ring, order);
  } catch (error) {
    if (!InspectionError.isInspectionError(error))
      return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    const { code, problem, place, hint } = error;
    return { fault: { code, problem, place, hint } };
  }
}

function takeIn(ring: RingReader, order: IntakeOrder): ScanAnswer {
  const intake = new DirectIntake(order);
  const complete = ring.readAll((kind, chunk) => intake[kind](chunk));
  if (!complete) return { crash: 'the layer was not read to its end' };
  return { content: intake.finish(), usage: order.usage };
}

serve(workerData as ScanThreadData);
