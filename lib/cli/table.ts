import type { Terminal } from './terminal';

/** Rows under headings. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** A table for people: columns as wide as what is in them. */
export function tableText({ headings, rows }: Table, terminal: Terminal): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [terminal.style('bold', line(headings)), ...rows.map(line)].join('\n');
}

/** A table for Markdown. */
export function tableMarkdown({ headings, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
