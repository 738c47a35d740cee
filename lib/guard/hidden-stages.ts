import { dirname } from 'node:path';
import type { PolicyViolation } from 'aws-cdk-lib';
import type { AssemblyModel } from '../assembly/assembly-model';
import type { JudgedFinding } from '../assembly/judgement';
import { findingText } from '../report/text';

/**
 * Errors in Stages that `cdk synth` would not show. Without arguments it looks at the stacks of the app's own assembly only, takes
 * the violations of all others away, and exits 0. A violation that names no construct it always shows.
 */
export function hiddenStages(findings: readonly JudgedFinding[], model: AssemblyModel): PolicyViolation[] {
  const shown = model.templates.filter((scope) => scope.validatedOnSynth || isOfApp(scope.root.file, model));
  const paths = shown.map(({ stack }) => stack);
  const hidden = findings.filter(({ use, acknowledged }) => !acknowledged && !isAtOrBelow(use.stack, paths));
  return [...groupByStage(hidden)].map(([stage, group]) => summary(stage, group));
}

function isOfApp(template: string | undefined, model: AssemblyModel): boolean {
  return template !== undefined && dirname(template) === model.directory;
}

/** CDK pipelines have their Stages below the pipeline's stack, and are shown with it. */
function isAtOrBelow(stack: string, paths: readonly string[]): boolean {
  return paths.some((path) => stack === path || stack.startsWith(`${path}/`));
}

function groupByStage(findings: readonly JudgedFinding[]): Map<string, JudgedFinding[]> {
  const groups = new Map<string, JudgedFinding[]>();
  for (const finding of findings) {
    const stage = finding.use.stack.split('/')[0];
    groups.set(stage, [...(groups.get(stage) ?? []), finding]);
  }
  return groups;
}

function summary(stage: string, findings: readonly JudgedFinding[]): PolicyViolation {
  const count = findings.length === 1 ? '1 error' : `${findings.length} errors`;
  const texts = findings.map((finding) => `${finding.use.constructPath ?? finding.use.stack}\n${findingText(finding)}`);
  return {
    ruleName: `Stage[${stage}]`,
    description: [`${count} in the Stage ${stage}, which cdk synth shows only when asked for it`, ...texts].join('\n'),
    fix: `mend the images, or acknowledge each finding by its own id; cdk synth '${stage}/**' shows them in place`,
    // What is fatal nobody can acknowledge: it stands for findings that each have an id of their own.
    severity: 'fatal',
    violatingResources: [{ locations: [] }],
  };
}
