import { styleText } from 'node:util';
import { acknowledgementId } from '../policy/finding';
import { printable } from './printable';
import type { Report, ReportedFinding } from './report';
import { tally, tallyText } from './report';
import { traceLines } from './trace-lines';

export interface TextOptions {
  /**
   * Whether to mark up with terminal colours.
   *
   * @default false
   */
  readonly color?: boolean;
}

/** The findings as a compiler would print them, grouped by the resource that they are about, and a line that counts them. */
export function textReport(report: Report, options: TextOptions = {}): string {
  const paint = painter(options.color ?? false);
  const groups = [...groupByResource(report.findings)].map(([resource, findings]) =>
    [paint('bold', printable(resource)), ...findings.map((finding) => findingText(finding, options))].join('\n'),
  );
  const { errors, warnings } = tally(report);
  const color = errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green';
  return `${[...groups, paint(color, tallyText(report))].join('\n\n')}\n`;
}

/** One finding: what is wrong, on which lines, and the way out. */
export function findingText(finding: ReportedFinding, options: TextOptions = {}): string {
  const paint = painter(options.color ?? false);
  const id = paint(colorOf(finding), printable(acknowledgementId(finding)));
  return [
    `${id}  ${printable(finding.message)}${finding.severity === 'warning' ? ' (warning)' : ''}`,
    ...traceLines(finding.trace, '    '),
    ...labelled('fix', finding.fix),
    ...(finding.acknowledged === undefined ? [] : labelled('acknowledged', finding.acknowledged.reason)),
  ].join('\n');
}

function labelled(label: string, text: string): string[] {
  const [first, ...rest] = text.split('\n').map(printable);
  return [`  ${label}: ${first}`, ...rest.map((line) => `  ${' '.repeat(label.length + 2)}${line}`)];
}

function groupByResource(findings: readonly ReportedFinding[]): Map<string, ReportedFinding[]> {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const { stack, logicalId, constructPath, resourceType } = finding.use;
    const key = `${constructPath ?? `${stack}/${logicalId}`}  ${resourceType}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

function colorOf(finding: ReportedFinding): Style {
  if (finding.acknowledged !== undefined) return 'dim';
  return finding.severity === 'error' ? 'red' : 'yellow';
}

function painter(color: boolean): (style: Style, text: string) => string {
  // Newer versions of Node would look at standard output themselves; whether to colour is the caller's decision.
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
