/** `describe`, skipped with the reason in the name where there is one. */
export function describeUnless(reason: string | undefined, name: string, tests: () => void): void {
  if (reason === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: ${reason})`, () => test.todo(reason));
}

/** `test`, skipped with the reason in the name where there is one. */
export function testUnless(reason: string | undefined, name: string, run: () => void): void {
  if (reason === undefined) test(name, run);
  else test.skip(`${name} (skipped: ${reason})`, run);
}
