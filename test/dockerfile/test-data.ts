import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** The folder of test vectors; not part of the project. */
export const VECTORS = process.env.DISTROLESS_VECTORS ?? join(ROOT, '../shared/vectors');

/** The folder of other projects' test data; not part of the project. */
export const CORPORA = process.env.DISTROLESS_CORPORA ?? join(ROOT, '../shared/corpora');

/** `describe`, or a visible skip where the data is not there. */
export function describeWith(directory: string, name: string, body: () => void): void {
  if (existsSync(directory)) describe(name, body);
  else describe.skip(`${name} (skipped: ${directory} is not there)`, () => test('needs the data', () => undefined));
}
