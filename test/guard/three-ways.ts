import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Aspects, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT } from 'aws-cdk-lib/cx-api';
import { DistrolessAspect } from '../../lib/guard/distroless-aspect';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { runCommand } from '../cli/run-command';
import { app } from './guarded-apps';

/** Findings as `severity construct path: Rule[container]`, in order; what one way says twice counts once. */
export type Findings = readonly string[];

/** An app, synthesized as the CLI has it synthesized: it returns, and what is wrong lies beside it. */
function synthesized(build: (root: App) => void): CloudAssembly {
  const root = app({ context: { [FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT]: false } });
  build(root);
  return root.synth();
}

/** By the pack: what is in CDK's validation report. */
export function byPack(build: (root: App) => void): Findings {
  const assembly = synthesized((root) => {
    Validations.of(root).addPlugins(new DistrolessChecks(root));
    build(root);
  });
  return inOrder(reported(assembly));
}

/** By the aspect: annotations, and for Stages, which CDK does not carry aspects into, what is in the validation report. */
export function byAspect(build: (root: App) => void): Findings {
  const assembly = synthesized((root) => {
    Aspects.of(root).add(new DistrolessAspect());
    build(root);
  });
  return inOrder([...annotated(assembly), ...reported(assembly)]);
}

/** By the command on what an app without any guard has left behind. */
export async function byCheck(build: (root: App) => void): Promise<Findings> {
  const { directory } = synthesized(build);
  const { stdout, stderr } = await runCommand(['check', directory, '--format', 'json'], { directory });
  if (stdout === '') throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as { findings: Array<Record<string, string | null>> };
  return inOrder(
    findings
      .filter(({ acknowledged }) => acknowledged === null)
      .map(({ severity, constructPath, rule, container }) => `${severity} ${constructPath}: ${rule}[${container}]`),
  );
}

interface ReportedViolation {
  readonly ruleName: string;
  readonly severity: string;
  readonly violatingConstructs: ReadonlyArray<{ readonly constructPath?: string }>;
}

function reported(assembly: CloudAssembly): string[] {
  const file = join(assembly.directory, 'validation-report.json');
  if (!existsSync(file)) return [];
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as {
    pluginReports: ReadonlyArray<{ pluginName: string; violations: readonly ReportedViolation[] }>;
  };
  const ours = pluginReports.filter(({ pluginName }) => pluginName === 'Distroless');
  return ours
    .flatMap(({ violations }) => violations)
    .filter(({ ruleName }) => !ruleName.startsWith('Stage['))
    .flatMap(({ ruleName, severity, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${severity} ${constructPath}: ${ruleName}`),
    );
}

function annotated(assembly: CloudAssembly): string[] {
  const messages = assembly.stacksRecursively.flatMap((stack) => stack.messages);
  return messages.flatMap(({ level, id, entry }) => {
    const rule = /\(Distroless::([^()]*(?:\([^()]*\))?[^()]*)\)$/.exec(entry.data as string)?.[1];
    return rule === undefined ? [] : [`${level} ${id.replace(/^\//, '')}: ${rule}`];
  });
}

function inOrder(findings: readonly string[]): Findings {
  return [...new Set(findings)].sort();
}
