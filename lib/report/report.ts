import type { Finding } from '../policy/finding';

/** A finding, and whether somebody has taken responsibility for it. */
export interface ReportedFinding extends Finding {
  /** Set when the finding was acknowledged: it is told, but does not fail. */
  readonly acknowledged?: { readonly reason: string };
}

/** What one look at an assembly or a construct tree found. */
export interface Report {
  /** How many image uses were looked at. */
  readonly uses: number;
  readonly findings: readonly ReportedFinding[];
}

/** How many findings of each sort a report holds. */
export interface Tally {
  readonly errors: number;
  readonly warnings: number;
  readonly acknowledged: number;
}

export function tally(report: Report): Tally {
  const open = report.findings.filter((finding) => finding.acknowledged === undefined);
  return {
    errors: open.filter((finding) => finding.severity === 'error').length,
    warnings: open.filter((finding) => finding.severity === 'warning').length,
    acknowledged: report.findings.length - open.length,
  };
}

/** The tally in words: `3 image uses: 2 errors, 1 warning, 1 acknowledged`. */
export function tallyText(report: Report): string {
  const { errors, warnings, acknowledged } = tally(report);
  const counts = [
    errors > 0 ? counted(errors, 'error') : '',
    warnings > 0 ? counted(warnings, 'warning') : '',
    acknowledged > 0 ? `${acknowledged} acknowledged` : '',
  ].filter((part) => part !== '');
  return `${counted(report.uses, 'image use')}: ${counts.join(', ') || 'no findings'}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
