import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, ROOT } from './markdown';

test('the failure in the README is what cdk synth prints of the violations example', () => {
  const printed = readFileSync(join(ROOT, 'test/examples/__snapshots__/violations.test.ts.snap'), 'utf8');
  const [, shown] = /^```text\n(.*)\n```\n$/s.exec(marked('violation')) ?? [];
  expect(shown).toMatch(/^ERROR /m);
  expect(printed).toContain(`\n${shown}\n`);
});
