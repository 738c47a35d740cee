import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../lib/policy/rules';
import { cdk } from '../guard/cdk-cli';

const APP = 'examples/violations/app.ts';

describe('the violations example', () => {
  const { status, output } = cdk(['synth', '-q'], APP);
  const blocks = output.split('\n\n');

  test('fails cdk synth', () => {
    expect(status).toBe(1);
    expect(output).toMatch(/Synthesis finished with errors$/);
  });

  test('prints this', () => {
    expect(output).toMatchSnapshot();
  });

  test('breaks every rule', () => {
    const broken = RULES.filter(({ id }) => output.includes(`Acknowledge with 'Distroless::${id}[`));
    expect(RULES.filter((rule) => !broken.includes(rule)).map(({ id }) => id)).toEqual([]);
  });

  test('shows the rule, the container and a fix for every stack', () => {
    const app = readFileSync(join(__dirname, '../..', APP), 'utf8');
    const stacks = [...app.matchAll(/(?:runs\(|new Stack\(app, )'(\w+)'/g)].map(([, stack]) => stack);
    const shown = stacks.filter((stack) =>
      blocks.some(
        (block) => block.includes(`   ${stack}/`) && /Acknowledge with 'Distroless::\w+\[[\w.]+\]'/.test(block),
      ),
    );
    expect(shown).toEqual(stacks);
    expect(blocks.filter((block) => !block.includes('Suggested fix: '))).toEqual([]);
  });

  test('names the rule that a stack is called after', () => {
    const wrong = blocks.filter((block) => {
      const [, stack] = /^ {3}(\w+)\//m.exec(block) ?? [];
      const [, rule] = /'Distroless::(\w+)\[/.exec(block) ?? [];
      return stack !== undefined && !stack.startsWith('ExpiredException') && !stack.startsWith(rule);
    });
    expect(wrong).toEqual([]);
  });
});
