import type { ImageContent } from './image-content';
import type { BuildTimes, Measurements } from './measurements';
import { SERVICES } from './services';
import { type Variant, VARIANTS } from './variants';

const TITLES: Readonly<Record<Variant, string>> = {
  full: "naive, language's image",
  distroless: 'naive, distroless',
  construct: 'cdk-distroless',
};

const CONTENT = ['MB', 'files', 'shells', 'package managers', 'Debian packages'];
const TIMES = ['cold s', 'after a line s', 'after a dependency s', 'after a line, to naive'];

/** A row for each service and way to write its image, medians of what was measured. */
export function buildTable(measurements: Measurements): string {
  const rows = SERVICES.flatMap(({ name }) =>
    VARIANTS.flatMap((variant) => {
      const runs = measurements.times(name, variant);
      const content = measurements.content(name, variant);
      if (runs.length === 0 || content === undefined) return [];
      const naive = measurements.times(name, 'distroless');
      return [[name, TITLES[variant], ...contentCells(content), ...timeCells(runs), ratio(runs, naive)]];
    }),
  );
  return table(['service', 'image', ...CONTENT, ...TIMES], rows);
}

/** A row for each image that services stand on. */
export function baseTable(contents: ReadonlyMap<string, ImageContent>): string {
  return table(
    ['image', ...CONTENT],
    [...contents].map(([reference, content]) => [`\`${reference}\``, ...contentCells(content)]),
  );
}

function contentCells({ sizeBytes, files, shells, packageManagers, packages }: ImageContent): string[] {
  const names = (kinds: readonly string[]) => kinds.join(', ') || 'none';
  return [megabytes(sizeBytes), grouped(files), names(shells), names(packageManagers), grouped(packages)];
}

function timeCells(runs: readonly BuildTimes[]): string[] {
  return (['cold', 'line', 'dependency'] as const).map((step) => median(runs, step).toFixed(1));
}

function ratio(runs: readonly BuildTimes[], naive: readonly BuildTimes[]): string {
  return naive.length === 0 ? '' : (median(runs, 'line') / median(naive, 'line')).toFixed(2);
}

function median(runs: readonly BuildTimes[], step: keyof BuildTimes): number {
  return runs.map((times) => times[step]).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
