import { resolve } from 'node:path';
import { readAssembly } from '../../assembly/cloud-assembly';
import { inspectableAssets } from '../../assembly/inspectable-assets';
import { judge } from '../../assembly/judgement';
import type { AssetInspections, InspectableAsset } from '../../evidence/asset-inspections';
import { KnownImages } from '../../evidence/known-images';
import { failureText } from '../../report/failure-text';
import { defineCommand, singleOperand } from '../command';
import { ExitCode } from '../exit-code';
import { projectLock } from '../inspection/project-lock';
import { readPolicy } from '../policy-file';
import { printReport, REPORT_FLAGS } from '../report-format';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';
import { verifyAssets } from '../verification';

/** Builds are heavy, and each has several steps at the same time as it is. */
const CONCURRENCY = 2;

/** Builds the images of an assembly, looks into them, and judges by what is there. */
export const verify = defineCommand({
  name: 'verify',
  summary: 'build the images of a synthesized CDK app, look into them, and judge',
  operands: '[cdk.out]',
  description:
    'Builds every image asset of a cloud assembly by the very command of the CDK CLI, so that publishing need not build it again,\n' +
    'and judges the app as check does, by what is really in the layers: whatever was not looked into is a finding. Needs Docker,\n' +
    'or what CDK_DOCKER names. What was found in an asset is kept by its hash, and counts for check and for synthesis too.\n' +
    'A build that fails does not keep the others; it is told apart from findings, and the exit code is 2.',
  flags: {
    ...REPORT_FLAGS,
    concurrency: { type: 'string', value: 'NUMBER', description: `images built at the same time (${CONCURRENCY})` },
    'no-cache': { type: 'boolean', description: 'look into all images again, whatever earlier runs have found' },
  },
  examples: [
    { line: 'verify', does: 'is there really no shell in what cdk.out builds?' },
    { line: 'verify --concurrency 4 --format markdown >> "$GITHUB_STEP_SUMMARY"', does: 'in a pipeline' },
  ],
  run: async (operands, { concurrency, 'no-cache': noCache, ...flags }, session) => {
    const { terminal, directory, environment, today } = session;
    const parallel = parseConcurrency(concurrency);
    const assembly = readAssembly(resolve(directory, singleOperand(operands, 'assembly') ?? 'cdk.out'));
    const policy = readPolicy(flags.policy, directory).inspected;
    const assets = inspectableAssets(assembly.assets);
    const options = { concurrency: parallel, recall: !noCache, mirrors: policy.mirrors };
    const inspections = await verifyAssets(assets, options, session);
    const images = new KnownImages(projectLock(directory), environment, inspections);
    const report = judge(assembly, policy, today, {
      environment,
      lockDirectory: directory,
      inspected: (origin) => images.layersOf(origin),
      uninspected: (origin) => images.failureOf(origin),
    });
    const exitCode = printReport(report, flags, terminal);
    return tellFailures(assets, inspections, terminal) > 0 ? ExitCode.FAILED : exitCode;
  },
});

function parseConcurrency(text: string | undefined): number {
  if (text === undefined) return CONCURRENCY;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError(`--concurrency ${text} is no number of images; write --concurrency ${CONCURRENCY}`);
}

/** Tells what could not be looked into; gives how many that are. */
function tellFailures(assets: readonly InspectableAsset[], inspections: AssetInspections, terminal: Terminal): number {
  const failed = assets.filter((asset) => {
    const failure = inspections.failureOf(asset.origin);
    if (failure) terminal.fail(`cdk-distroless: ${failureText(asset.build.name, failure)}`);
    return failure !== undefined;
  });
  return failed.length;
}
