import { expectShortRun } from '../layers/short-run';
import { exitOnSignal } from './exit-on-signal';
import { ImageInspector } from './image-inspector';
import { inspectAll } from './inspect-all';
import type { InspectionRequest } from './inspect-in-child';

/** Images inspected at the same time, unless the request says otherwise. */
const PARALLEL = 4;

/**
 * The child process that does for a synchronous caller what needs the network or Docker, for all images at once: a request in JSON on
 * stdin, the outcomes in JSON on stdout.
 */
async function main(): Promise<void> {
  const { targets, mirrors, knownBases, concurrency = PARALLEL } = JSON.parse(await readInput()) as InspectionRequest;
  const inspector = new ImageInspector({ environment: process.env, mirrors, knownBases });
  const outcomes = await inspectAll(targets, inspector, { concurrency });
  inspector.close();
  process.stdout.write(JSON.stringify(outcomes));
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

exitOnSignal();
expectShortRun();
void main();
