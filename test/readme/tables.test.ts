import { DistrolessBase } from '../../lib/bases/distroless-base';
import { RULES } from '../../lib/policy/rules';
import { marked, table } from './markdown';

function code(text: string): string {
  return `\`${text}\``;
}

test('the table of rules is that of the rules', () => {
  const rows = RULES.map((rule) => [code(rule.id), rule.failsWhen, rule.defaultSeverity]);
  expect(marked('rules')).toBe(table(['id', 'fails when', 'default'], rows));
});

test('the table of bases is that of DistrolessBase', () => {
  const bases = Object.entries(DistrolessBase).filter(([, value]) => value instanceof DistrolessBase);
  const rows = (bases as Array<[string, DistrolessBase]>).map(([name, base]) => [
    code(name),
    code(base.reference),
    base.user ?? '',
    base.entrypoint.length > 0 ? code(base.entrypoint.join(' ')) : '',
    base.endOfLife ?? '',
  ]);
  expect(marked('bases')).toBe(table(['`DistrolessBase.`', 'image', 'runs as', 'entrypoint', 'end of life'], rows));
});
