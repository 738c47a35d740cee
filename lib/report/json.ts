import type { Trace } from '../policy/image-facts';
import type { Report, ReportedFinding } from './report';
import { isSourceLocation } from './trace-lines';

/** Version of the JSON report; it changes when a reader of the former version could misread the new one. */
export const FINDINGS_SCHEMA_VERSION = 1;

/** The findings as JSON, by `findings.schema.json`. */
export function jsonReport(report: Report): string {
  const document = {
    schemaVersion: FINDINGS_SCHEMA_VERSION,
    uses: report.uses,
    findings: report.findings.map(jsonFinding),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function jsonFinding(finding: ReportedFinding): object {
  const { rule, severity, use, message, fix, trace, acknowledged } = finding;
  return {
    rule,
    severity,
    stack: use.stack,
    logicalId: use.logicalId,
    constructPath: use.constructPath ?? null,
    resourceType: use.resourceType,
    propertyPath: use.propertyPath,
    container: use.container,
    message,
    fix,
    trace: jsonTrace(trace),
    acknowledged: acknowledged === undefined ? null : { reason: acknowledged.reason },
  };
}

export function jsonTrace(trace: Trace): object[] {
  return trace.map((place) =>
    isSourceLocation(place)
      ? { file: place.file, line: place.line, text: place.text }
      : { layer: place.layer, path: place.path },
  );
}
