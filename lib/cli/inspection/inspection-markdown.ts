import type { ToolFact } from '../../policy/image-facts';
import { traceLine } from '../../report/trace-lines';
import { printable } from '../../report/printable';
import { formatBytes } from '../quantities';
import { tableMarkdown } from '../table';
import { verdictOf, type Inspection } from './inspection';

/** The form of an inspection that goes into a pull request or a job's summary. */
export function inspectionMarkdown(inspection: Inspection): string {
  const { facts } = inspection;
  const rows = [
    ['base', code(facts.base?.reference)],
    ['platform', code(facts.platform)],
    ['user', code(facts.user?.value)],
    ['entrypoint', code(facts.entrypoint && JSON.stringify(facts.entrypoint.value.argv))],
    ['command', code(facts.cmd && JSON.stringify(facts.cmd.value.argv))],
    ['size', facts.sizeBytes === undefined ? '' : formatBytes(facts.sizeBytes)],
  ];
  return [
    `## ${code(facts.subject)}: ${verdictOf(inspection)}`,
    tableMarkdown({ headings: ['', ''], rows: rows.filter(([, value]) => value !== '') }),
    ...toolSection('Shells', facts.shells),
    ...toolSection('Package managers', facts.packageManagers),
    ...section(
      'Unproven',
      facts.unproven.map(({ reason, path }) => (path ? `${code(path)}: ${text(reason)}` : text(reason))),
    ),
  ].join('\n\n');
}

function toolSection(title: string, tools: readonly ToolFact[]): string[] {
  const lines = tools.map(({ kind, path, trace }) => {
    const places = trace.map(traceLine).map(({ where, what }) => `${code(where)} ${code(what)}`);
    return `${code(path)}: ${kind}${places.length > 0 ? `, from ${places.join(', ')}` : ''}`;
  });
  return section(title, lines);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, lines.map((line) => `- ${line}`).join('\n')];
}

/** In as many backquotes as it takes: what comes from an image must not become markup. */
function code(value: string | undefined): string {
  if (value === undefined || value === '') return '';
  const fence = '`'.repeat(Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const space = value.startsWith('`') || value.endsWith('`') ? ' ' : '';
  return `${fence}${space}${printable(value)}${space}${fence}`;
}

function text(value: string): string {
  return printable(value).replace(/[<>[\]*_`|\\]/g, '\\$&');
}
