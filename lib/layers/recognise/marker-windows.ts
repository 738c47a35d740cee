import type { WindowChoice } from './needle-window';

/**
 * What `chooseWindows` chooses for the strings that programs are searched for, in their order; a test compares them. To choose takes as long
 * as it takes to look through 40 MB.
 */
// prettier-ignore
export const MARKER_WINDOWS: readonly WindowChoice[] = [
  [1, 5], [1, 3], [0, 0], [1, 1], [1, 2], [1, 5], [0, 2], [1, 3], [1, 2], [1, 5], [1, 1], [0, 2], [2, 5], [4, 3], [0, 5],
  [0, 5], [1, 5], [1, 5], [7, 5], [4, 0], [1, 1], [2, 6], [4, 3], [1, 3], [0, 1], [0, 1], [13, 2], [1, 5], [1, 7], [3, 2],
  [7, 5], [6, 0], [7, 0], [4, 3], [2, 5], [2, 5], [8, 2], [7, 5], [2, 2], [6, 2], [0, 2], [3, 7], [11, 2], [0, 1], [7, 2],
  [7, 2], [6, 5], [0, 1], [0, 1], [0, 1], [0, 1], [0, 1], [0, 1], [0, 1], [2, 7], [0, 1], [1, 4], [7, 2], [0, 1], [2, 6],
  [1, 3], [1, 3], [4, 0], [9, 2], [1, 6], [1, 4], [3, 7],
];
