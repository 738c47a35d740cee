import { resolve } from 'node:path';
import { readAssembly } from '../../assembly/cloud-assembly';
import { judge } from '../../assembly/judgement';
import { KnownImages } from '../../evidence/known-images';
import { describedRules } from '../../policy/sources/rule-pages';
import { jsonReport } from '../../report/json';
import { markdownReport } from '../../report/markdown';
import { tally, type Report } from '../../report/report';
import { sarifReport } from '../../report/sarif';
import { textReport } from '../../report/text';
import { defineCommand, singleOperand } from '../command';
import { ExitCode } from '../exit-code';
import { projectLock } from '../inspection/project-lock';
import { packageVersion } from '../package-version';
import { readPolicy } from '../policy-file';
import type { Terminal } from '../terminal';

/** Judges what CDK has synthesized. */
export const check = defineCommand({
  name: 'check',
  summary: 'judge the images of a synthesized CDK app',
  operands: '[cdk.out]',
  description:
    'Finds every image that the templates of a cloud assembly run, in whatever language the app is written, follows it to its\n' +
    'Dockerfile or reference, and judges it by the policy in distroless.config.json. Builds nothing and needs no network:\n' +
    'layers count as far as they are known from distroless.lock.json, from verified assets and from tarballs.',
  flags: {
    format: {
      type: 'string',
      value: 'FORMAT',
      choices: ['text', 'json', 'sarif', 'markdown'],
      description: 'how to print the findings (text)',
    },
    policy: { type: 'string', value: 'FILE', description: 'the policy file (distroless.config.json)' },
    strict: { type: 'boolean', description: 'let warnings fail as errors do' },
  },
  examples: [
    { line: 'check', does: 'does cdk.out hold?' },
    { line: 'check build/cdk.out --format sarif > findings.sarif', does: 'findings for code review' },
    {
      line: 'check --policy platform/distroless.config.json --strict',
      does: "a platform team's policy, warnings included",
    },
  ],
  run: (operands, { format, policy: policyFile, strict }, { terminal, directory, environment, today }) => {
    const assembly = readAssembly(resolve(directory, singleOperand(operands, 'assembly') ?? 'cdk.out'));
    const policy = readPolicy(policyFile, directory);
    const images = new KnownImages(projectLock(directory), environment);
    const report = judge(assembly, policy, today, { environment, inspected: (origin) => images.layersOf(origin) });
    terminal.print(printed(report, format, terminal));
    const { errors, warnings } = tally(report);
    return errors + (strict ? warnings : 0) > 0 ? ExitCode.FINDINGS : ExitCode.COMPLIANT;
  },
});

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
