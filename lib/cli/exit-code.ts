/** What the program tells a pipeline. */
export const ExitCode = {
  /** Everything holds. */
  COMPLIANT: 0,
  /** Something was found, or could not be proved. */
  FINDINGS: 1,
  /** The program could not do what was asked of it. */
  FAILED: 2,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
