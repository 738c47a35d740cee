import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Mirrors } from '../bases/mirrors';
import type { KnownBase } from '../layers/ancestry';
import type { ImageInspection, InspectionTarget } from './image-inspector';

/** What the child process is asked. Plain JSON. */
export interface InspectionRequest {
  readonly targets: readonly InspectionTarget[];
  readonly mirrors?: Mirrors;
  readonly knownBases?: readonly KnownBase[];
  readonly concurrency?: number;
}

/** What was found in an image, or why nothing is known of it. */
export type InspectionOutcome = ImageInspection | InspectionFailure;

/** Why nothing is known of an image. */
export interface InspectionFailure {
  readonly error: string;
  /** The last lines of the tool that should have built it. */
  readonly output?: readonly string[];
}

/** Facts of a hundred images with a hundred layers each are a few megabytes. */
const ANSWER_LIMIT_BYTES = 512 * 1024 * 1024;

/**
 * Inspects images for a caller that cannot wait asynchronously, as synthesis cannot: one child process for all of them.
 *
 * @returns the outcomes, in the order of the targets
 * @throws Error when the process itself fails
 */
export function inspectInChild(
  request: InspectionRequest,
  environment: Readonly<Record<string, string | undefined>>,
): InspectionOutcome[] {
  if (request.targets.length === 0) return [];
  const { args, variables } = entryPoint();
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args, {
    input: JSON.stringify(request),
    env: { ...environment, ...variables },
    encoding: 'utf8',
    maxBuffer: ANSWER_LIMIT_BYTES,
  });
  if (error) throw new Error(`images cannot be inspected: ${error.message}`, { cause: error });
  if (status !== 0) {
    throw new Error(`inspecting images failed with ${signal ?? `exit code ${status}`}: ${stderr.trim()}`);
  }
  return JSON.parse(stdout) as InspectionOutcome[];
}

/** The compiled script, or its source under ts-node and jest. */
function entryPoint(): { args: string[]; variables?: Record<string, string> } {
  const script = require.resolve('./inspection-process');
  if (!script.endsWith('.ts')) return { args: [script] };
  const args = ['--require', require.resolve('ts-node/register/transpile-only'), script];
  return { args, variables: { TS_NODE_PROJECT: join(__dirname, '..', '..', 'tsconfig.json') } };
}
