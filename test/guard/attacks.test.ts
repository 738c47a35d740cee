import { readAssembly } from '../../lib/assembly/cloud-assembly';
import type { JsonObject } from '../../lib/assembly/json';
import { judge } from '../../lib/assembly/judgement';
import { Policy } from '../../lib/policy/policy';
import { writeAssembly } from '../assembly/cdk-apps';
import { ATTACKS_BY_CARRIER, HARMLESS_CARRIERS } from './attacks/by-carrier';
import { ATTACKS_BY_TEMPLATE, HARMLESS } from './attacks/by-template';
import { ATTACKS_BY_VALUE } from './attacks/by-value';

/** The rules that a template breaks, those of warning left out. */
function errorsOf(template: JsonObject): string[] {
  const artifacts = { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 's.json' } } };
  const directory = writeAssembly({ 'manifest.json': { version: '36.0.0', artifacts }, 's.json': template });
  const { findings } = judge(readAssembly(directory), Policy.DEFAULT, '2026-11-23');
  return findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}

describe('no shell gets past the guard by', () => {
  test.each([...ATTACKS_BY_TEMPLATE, ...ATTACKS_BY_VALUE, ...ATTACKS_BY_CARRIER])(
    '$name: $rule',
    ({ template, rule }) => {
      expect(errorsOf(template)).toContain(rule);
    },
  );
});

describe('no alarm is raised by', () => {
  test.each([...HARMLESS, ...HARMLESS_CARRIERS])('%s', (_, template) => {
    expect(errorsOf(template)).toEqual([]);
  });
});
