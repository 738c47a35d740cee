import { resolve } from 'node:path';
import { readAssembly } from '../../assembly/cloud-assembly';
import { judge } from '../../assembly/judgement';
import { KnownImages } from '../../evidence/known-images';
import { compileForShortRun } from '../../layers/short-run';
import { defineCommand, singleOperand } from '../command';
import { projectLock } from '../inspection/project-lock';
import { readPolicy } from '../policy-file';
import { printReport, REPORT_FLAGS } from '../report-format';

/** Judges what CDK has synthesized. */
export const check = defineCommand({
  name: 'check',
  summary: 'judge the images of a synthesized CDK app',
  operands: '[cdk.out]',
  description:
    'Finds every image that the templates of a cloud assembly run, in whatever language the app is written, follows it to its\n' +
    'Dockerfile or reference, and judges it by the policy in distroless.config.json. Builds nothing and needs no network:\n' +
    'layers count as far as they are known from distroless.lock.json, from verified assets and from tarballs.',
  flags: REPORT_FLAGS,
  examples: [
    { line: 'check', does: 'does cdk.out hold?' },
    { line: 'check build/cdk.out --format sarif > findings.sarif', does: 'findings for code review' },
    {
      line: 'check --policy platform/distroless.config.json --strict',
      does: "a platform team's policy, warnings included",
    },
  ],
  run: (operands, flags, { terminal, directory, environment, today }) => {
    compileForShortRun();
    const assembly = readAssembly(resolve(directory, singleOperand(operands, 'assembly') ?? 'cdk.out'));
    const policy = readPolicy(flags.policy, directory);
    const images = new KnownImages(projectLock(directory), environment);
    const report = judge(assembly, policy, today, { environment, inspected: (origin) => images.layersOf(origin) });
    return printReport(report, flags, terminal);
  },
});
