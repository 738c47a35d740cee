import { describedRules, rulePage, tryFindRule } from '../../policy/sources/rule-pages';
import { defineCommand, singleOperand } from '../command';
import { ExitCode } from '../exit-code';
import { tableText } from '../table';
import { suggestion, UsageError } from '../usage-error';

/** Shows the page of a rule, which is in the package. */
export const explain = defineCommand({
  name: 'explain',
  summary: 'show the page of a rule',
  operands: '[RULE]',
  description:
    'Shows what a rule says, why, how to do better and how to acknowledge it. The rule can be given as it stands in a finding,\n' +
    'such as Distroless::Shell[web]. Without a rule it lists them all. Needs no network.',
  flags: {},
  examples: [
    { line: 'explain Shell', does: 'why is this a finding, and what now?' },
    { line: 'explain', does: 'all rules' },
  ],
  words: () => describedRules().map(({ id }) => id),
  run: (operands, _, { terminal }) => {
    const id = singleOperand(operands, 'rule');
    if (id === undefined) {
      const rows = describedRules().map((rule) => [rule.id, rule.defaultSeverity, rule.summary]);
      terminal.print(tableText({ headings: ['rule', 'severity', ''], rows }, terminal));
      return ExitCode.COMPLIANT;
    }
    const rule = tryFindRule(id);
    const ids = describedRules().map((known) => known.id);
    if (!rule) throw new UsageError(`there is no rule ${id}${suggestion(id, ids)}; cdk-distroless explain lists them`);
    terminal.print(rulePage(rule));
    return ExitCode.COMPLIANT;
  },
});
