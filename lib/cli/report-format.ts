import { describedRules } from '../policy/sources/rule-pages';
import { jsonReport } from '../report/json';
import { markdownReport } from '../report/markdown';
import { tally, type Report } from '../report/report';
import { sarifReport } from '../report/sarif';
import { textReport } from '../report/text';
import type { Flags, FlagValues } from './command';
import { ExitCode } from './exit-code';
import { packageVersion } from './package-version';
import type { Terminal } from './terminal';

/** Flags of the commands that judge an assembly. */
export const REPORT_FLAGS = {
  format: {
    type: 'string',
    value: 'FORMAT',
    choices: ['text', 'json', 'sarif', 'markdown'],
    description: 'how to print the findings (text)',
  },
  policy: { type: 'string', value: 'FILE', description: 'the policy file (distroless.config.json)' },
  strict: { type: 'boolean', description: 'let warnings fail as errors do' },
} as const satisfies Flags;

/** Prints what a policy says of an assembly. */
export function printReport(
  report: Report,
  { format, strict }: FlagValues<typeof REPORT_FLAGS>,
  terminal: Terminal,
): ExitCode {
  terminal.print(printed(report, format, terminal));
  const { errors, warnings } = tally(report);
  return errors + (strict ? warnings : 0) > 0 ? ExitCode.FINDINGS : ExitCode.COMPLIANT;
}

function printed(report: Report, format: string | undefined, terminal: Terminal): string {
  switch (format) {
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report, { rules: describedRules(), version: packageVersion() });
    case 'markdown':
      return markdownReport(report);
    default:
      return textReport(report, { color: terminal.hasColour });
  }
}
