import type { ImageContent } from './image-content';
import { type Measurements, STEPS, type Target } from './measurements';
import { SERVICES } from './services';
import { type Variant, VARIANTS } from './variants';

const TITLES: Readonly<Record<Variant, string>> = {
  full: "naive, on the language's image",
  distroless: 'naive, on distroless',
  construct: 'cdk-distroless',
};

const CONTENT = ['MB', 'files', 'shells', 'package managers', 'Debian packages'];
const TIMES = ['cold s', 'after a line s', 'after a dependency s'];
const RIGHT = new Set(['MB', 'files', 'Debian packages', ...TIMES]);

/** A row for each service and way to write its image, medians of what was measured. */
export function buildTable(measurements: Measurements): string {
  const targets = SERVICES.flatMap(({ name }) => VARIANTS.map((variant) => ({ service: name, variant })));
  const rows = targets.map((target) => [
    target.service,
    TITLES[target.variant],
    ...contentCells(measurements.content(target)),
    ...STEPS.map((step) => measurements.seconds(target, step)?.toFixed(1) ?? ''),
  ]);
  return table(['service', 'image', ...CONTENT, ...TIMES], rows);
}

/** A row for each service: what the construct takes of what the naive Dockerfile on distroless takes. */
export function ratioTable(measurements: Measurements): string {
  const rows = SERVICES.map(({ name: service }) => {
    const construct: Target = { service, variant: 'construct' };
    const naive: Target = { service, variant: 'distroless' };
    const size = ratio(measurements.content(construct)?.sizeBytes, measurements.content(naive)?.sizeBytes);
    const times = STEPS.map((step) => ratio(measurements.seconds(construct, step), measurements.seconds(naive, step)));
    return [service, size, ...times];
  });
  return table(['service', 'size', 'cold', 'after a line', 'after a dependency'], rows);
}

/** A row for each image that services stand on. */
export function baseTable(contents: ReadonlyMap<string, ImageContent>): string {
  const rows = [...contents].map(([reference, content]) => [`\`${reference}\``, ...contentCells(content)]);
  return table(['image', ...CONTENT], rows);
}

function contentCells(content?: ImageContent): string[] {
  if (content === undefined) return CONTENT.map(() => '');
  const { sizeBytes, files, shells, packageManagers, packages } = content;
  const kinds = [shells, packageManagers].map((names) => names.join(', ') || 'none');
  return [(sizeBytes / 1e6).toFixed(1), grouped(files), ...kinds, grouped(packages)];
}

function ratio(ours?: number, naive?: number): string {
  return ours === undefined || naive === undefined ? '' : (ours / naive).toFixed(2);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const rule = head.map((title) => (RIGHT.has(title) ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
