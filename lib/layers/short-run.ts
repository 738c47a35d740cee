import { setFlagsFromString } from 'node:v8';

/** Of the V8 of Node.js 20: later ones call it otherwise, and choose better. */
const PATIENCE = { versions: /^11\./, flag: '--interrupt-budget=200000' };

let isExpected = false;

/**
 * Says that this process ends soon, before code that V8 optimizes has paid for being made: see {@link compileForShortRun}, which does
 * nothing in other processes.
 */
export function expectShortRun(): void {
  isExpected = true;
}

/** Whether this process has been said to end soon. */
export function isShortRun(): boolean {
  return isExpected;
}

/**
 * Keeps V8 from compiling functions into those that call them, and from optimizing any that has not run three times as long as usual: an
 * image is inspected with 5 to 25 % less processor time then.
 *
 * To be called when the modules have been loaded and the work begins: what Node.js brings compiled of its own modules, V8 takes only while
 * its flags are as they were when that was made. With others, loading these takes 12 ms longer, and starting a thread takes 100 ms, not 50.
 */
export function compileForShortRun(): void {
  if (!isExpected) return;
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=0');
  if (PATIENCE.versions.test(process.versions.v8)) setFlagsFromString(PATIENCE.flag);
}
