import type { PolicyViolation, PolicyViolatingResource } from 'aws-cdk-lib';
import type { ReportedFinding } from '../report/report';
import { traceLines } from '../report/trace-lines';

/** A finding as CDK's validation report has it. */
export function violationOf(finding: ReportedFinding, at?: string): PolicyViolation {
  return {
    ruleName: `${finding.rule}[${finding.use.container}]`,
    description: describe(finding),
    fix: finding.fix,
    // CDK fails for `error` and `fatal` in exactly this spelling, and lets everything else pass.
    severity: finding.severity,
    violatingResources: [at === undefined ? resourceOf(finding) : { constructPath: at, locations: [] }],
  };
}

/** What is wrong, and where it comes from; CDK prints the lines as they are. */
export function describe(finding: ReportedFinding): string {
  return [finding.message, ...traceLines(finding.trace, '    ')].join('\n');
}

/** By logical id and template CDK finds the construct, and the line of the app that made it. */
function resourceOf({ use }: ReportedFinding): PolicyViolatingResource {
  const { logicalId, templateFile, propertyPath, constructPath, stack } = use;
  const locations = propertyPath === '' ? [] : [`Properties.${propertyPath.split(/[.[]/)[0]}`];
  if (logicalId === '' || templateFile === undefined) return { constructPath: constructPath ?? stack, locations };
  return { resourceLogicalId: logicalId, templatePath: templateFile, locations };
}
