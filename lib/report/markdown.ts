import { acknowledgementId } from '../policy/finding';
import type { Report, ReportedFinding } from './report';
import { tallyText } from './report';
import { traceLines } from './trace-lines';

/** The findings as Markdown, for a job summary or a comment on a change. */
export function markdownReport(report: Report): string {
  const sections = report.findings.map(section);
  return `${['# Distroless findings', `${tallyText(report)}.`, ...sections].join('\n\n')}\n`;
}

function section(finding: ReportedFinding): string {
  const { constructPath, stack, logicalId } = finding.use;
  const trace = traceLines(finding.trace, '').join('\n');
  return [
    `## ${inlineCode(acknowledgementId(finding))} ${mark(finding)}`,
    `${escaped(finding.message)}, in ${inlineCode(constructPath ?? `${stack}/${logicalId}`)}.`,
    ...(trace === '' ? [] : [fenced(trace)]),
    `**Fix:** ${escaped(finding.fix)}`,
    ...(finding.acknowledged === undefined ? [] : [`**Acknowledged:** ${escaped(finding.acknowledged.reason)}`]),
  ].join('\n\n');
}

function mark(finding: ReportedFinding): string {
  return finding.acknowledged === undefined ? finding.severity : `${finding.severity}, acknowledged`;
}

/** Text of users (paths, reasons) must not become markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&');
}

function inlineCode(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  return longestRun(text) === 0 ? `${ticks}${text}${ticks}` : `${ticks} ${text} ${ticks}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
