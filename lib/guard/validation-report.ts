import type { IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import type { JudgedFinding } from '../assembly/judgement';
import { violationOf } from './violations';

/** Findings as CDK's validation report has them, and what else there is to tell. */
export function validationReport(
  findings: readonly JudgedFinding[],
  others: readonly PolicyViolation[] = [],
): PolicyValidationPluginReport {
  const violations = [...findings.flatMap(reported), ...others];
  // CDK fails a report without success whatever the severities in it, so warnings alone have to succeed.
  return { success: violations.every(({ severity }) => severity === 'warning'), violations };
}

/**
 * CDK takes out what was acknowledged in its own spelling at the construct or above, and keeps the reason in its report. What was
 * acknowledged at a container is reported there, so that CDK finds it; what has the other spelling it cannot find.
 */
function reported(finding: JudgedFinding): PolicyViolation[] {
  const { acknowledged } = finding;
  if (acknowledged && !acknowledged.namespaced) return [];
  return [violationOf(finding, acknowledged?.path)];
}

/**
 * What to report when the check itself fails: an error on every stack, because the CLI shows only those of the stacks that it was
 * asked for, and passes what it does not show.
 */
export function failureReport(
  error: unknown,
  context: IPolicyValidationContext,
  severity: 'error' | 'warning',
): PolicyValidationPluginReport {
  if (severity === 'warning') return { success: true, violations: [] };
  const reason = error instanceof Error ? error.message : String(error);
  const violation: PolicyViolation = {
    ruleName: 'Unproven[check]',
    description: `the check for images without a shell could not run: ${reason}`,
    fix: 'mend what the message names; nothing was proved of the images of this app',
    // Nobody can acknowledge that nothing was proved.
    severity: 'fatal',
    violatingResources: context.stackTemplates.map((stack) => ({
      constructPath: stack.stackConstructPath,
      locations: [],
    })),
  };
  return { success: false, violations: [violation] };
}
