import { InspectionError } from '../layers/inspection-error';
import { RegistryError } from '../layers/sources/registry/registry-error';
import { ImageInspector, type ImageInspectorOptions } from './image-inspector';
import type { InspectionOutcome, InspectionRequest } from './inspect-in-child';

/** Images inspected at the same time: while one downloads, another is read. */
const PARALLEL = 4;

/**
 * The child process that does for a synchronous caller what needs the network or Docker, for all images at once: a request in JSON on
 * stdin, the outcomes in JSON on stdout.
 */
async function main(): Promise<void> {
  const { targets, mirrors, knownBases } = JSON.parse(await readInput()) as InspectionRequest;
  const outcomes = await inspectAll(targets, { environment: process.env, mirrors, knownBases });
  process.stdout.write(JSON.stringify(outcomes));
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function inspectAll(
  targets: InspectionRequest['targets'],
  options: ImageInspectorOptions,
): Promise<InspectionOutcome[]> {
  const inspector = new ImageInspector(options);
  const outcomes: InspectionOutcome[] = [];
  const queue = targets.map((target, index) => ({ target, index }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      outcomes[next.index] = await inspector.inspect(next.target).catch(failure);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  inspector.close();
  return outcomes;
}

/** What is wrong with an image is an outcome; what is wrong with the program ends it. */
function failure(error: unknown): InspectionOutcome {
  if (InspectionError.isInspectionError(error) || error instanceof RegistryError) return { error: error.message };
  if (error instanceof Error && 'syscall' in error) return { error: error.message };
  throw error;
}

void main();
