import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from compiling functions into those that call them. It is for processes that end soon, before such code has paid for being
 * made: an image is inspected with 5 to 25 % less processor time then.
 */
export function compileForShortRun(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=0');
}
