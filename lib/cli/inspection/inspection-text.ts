import type { Introduction } from '../../dockerfile/analysis';
import type { LayerFacts } from '../../layers/layer-facts';
import type { ImageFacts, ToolFact, Trace } from '../../policy/image-facts';
import { count, formatBytes } from '../quantities';
import { printable, type Style, type Terminal } from '../terminal';
import { isLayerLocation } from './inspection-json';
import { verdictOf, type Inspection, type Verdict } from './inspection';

const BAR_WIDTH = 30;

const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = { compliant: 'green', violation: 'red', unproven: 'yellow' };

const INTRODUCTION_STYLES = { ok: 'green', violation: 'red', unproven: 'yellow' } as const;

/** The form of an inspection that people read. */
export function inspectionText(inspection: Inspection, terminal: Terminal): string {
  const sections = [
    summary(inspection, terminal),
    inspection.dockerfile ? chainSection(inspection, terminal) : '',
    inspection.layers ? layerSection(inspection.layers, terminal) : '',
    toolSection('shells', inspection.facts.shells, terminal),
    toolSection('package managers', inspection.facts.packageManagers, terminal),
    unprovenSection(inspection.facts, terminal),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function summary(inspection: Inspection, terminal: Terminal): string {
  const { facts } = inspection;
  const verdict = verdictOf(inspection);
  const heading = `${terminal.style('bold', printable(facts.subject))}  ${facts.platform ?? ''}`.trimEnd();
  const rows: [string, string | undefined][] = [
    ['base', baseText(inspection)],
    ['user', facts.user && (facts.user.value === '' ? 'none, so root' : facts.user.value)],
    ['entrypoint', facts.entrypoint && commandText(facts.entrypoint.value.argv)],
    ['command', facts.cmd && commandText(facts.cmd.value.argv)],
    ['size', facts.sizeBytes === undefined ? undefined : formatBytes(facts.sizeBytes)],
  ];
  const lines = rows.map(
    ([name, value]) => `  ${terminal.style('dim', name.padEnd(10))}  ${printable(value ?? 'not known')}`,
  );
  const known = lines.filter((_, index) => rows[index][0] !== 'size' || rows[index][1] !== undefined);
  return [`${heading}  ${terminal.style(['bold', VERDICT_STYLES[verdict]], verdict)}`, ...known].join('\n');
}

function baseText({ facts: { base }, layers }: Inspection): string | undefined {
  if (!base) return undefined;
  const digest = base.digest === undefined ? '' : `@${base.digest}`;
  const proof = layers?.base
    ? `its ${count(layers.base.layers, 'layer')} are the first of this image`
    : base.verdict?.reason;
  return `${base.reference}${digest}${proof ? ` (${proof})` : ''}`;
}

function commandText(argv: readonly string[]): string {
  return argv.length === 0 ? 'none' : JSON.stringify(argv);
}

/** The FROM lines, and what each instruction brings. */
function chainSection({ dockerfile }: Inspection, terminal: Terminal): string {
  if (!dockerfile) return '';
  if (dockerfile.refusal) {
    const { message, location } = dockerfile.refusal;
    const lines = location ? traceLines([location], terminal) : [];
    return [terminal.style('bold', 'BuildKit would refuse to build this'), `  ${printable(message)}`, ...lines].join(
      '\n',
    );
  }
  return [
    terminal.style('bold', 'base chain'),
    ...traceLines(dockerfile.baseChain, terminal),
    ...(dockerfile.introductions.length === 0 ? [] : ['', terminal.style('bold', 'what the image gets')]),
    ...dockerfile.introductions.flatMap((introduction) => introductionLines(introduction, terminal)),
  ].join('\n');
}

function introductionLines({ subject, verdict, reason, trace }: Introduction, terminal: Terminal): string[] {
  const mark = terminal.style(INTRODUCTION_STYLES[verdict], verdict.padEnd(9));
  const because = reason === undefined ? '' : `: ${printable(reason)}`;
  return [`  ${mark}  ${printable(subject)}${because}`, ...(verdict === 'ok' ? [] : traceLines(trace, terminal))];
}

function layerSection({ layers, base }: LayerFacts, terminal: Terminal): string {
  const largest = Math.max(1, ...layers.map(({ sizeBytes }) => sizeBytes));
  const rows = layers.map(({ sizeBytes, files }, index) => {
    const bar = bars(sizeBytes / largest).padEnd(BAR_WIDTH);
    const isBase = base !== undefined && index < base.layers;
    const size = formatBytes(sizeBytes).padStart(9);
    return `  ${String(index).padStart(5)}  ${size}  ${terminal.style(isBase ? 'dim' : 'cyan', bar)}  ${count(files, 'file')}${isBase ? ', base' : ''}`;
  });
  return [terminal.style('bold', '  layer       size'), ...rows].join('\n');
}

/** A bar in eighths of a character, so that small layers can be told apart. */
function bars(share: number): string {
  const eighths = Math.round(share * BAR_WIDTH * 8);
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
  return '█'.repeat(Math.floor(eighths / 8)) + rest;
}

function toolSection(title: string, tools: readonly ToolFact[], terminal: Terminal): string {
  if (tools.length === 0) return '';
  const lines = tools.flatMap(({ kind, path, by, because, trace }) => [
    `  ${terminal.style('red', printable(path))}  ${kind}, known by its ${by === 'source-image' ? 'image' : by === 'path' ? 'name' : by}${because ? `: ${printable(because)}` : ''}`,
    ...traceLines(trace, terminal),
  ]);
  return [terminal.style('bold', title), ...lines].join('\n');
}

function unprovenSection({ unproven }: ImageFacts, terminal: Terminal): string {
  if (unproven.length === 0) return '';
  const lines = unproven.flatMap(({ reason, path, trace }) => [
    `  ${path === undefined ? '' : `${terminal.style('yellow', printable(path))}  `}${printable(reason)}`,
    ...traceLines(trace, terminal),
  ]);
  return [terminal.style('bold', 'unproven'), ...lines].join('\n');
}

/** `Dockerfile:9   COPY ...`, or `layer 3  app/tool`, in columns. */
function traceLines(trace: Trace, terminal: Terminal): string[] {
  const rows = trace.map((place) =>
    isLayerLocation(place) ? [`layer ${place.layer}`, place.path] : [`${place.file}:${place.line}`, place.text],
  );
  const width = Math.max(0, ...rows.map(([where]) => where.length));
  return rows.map(
    ([where, what]) => `    ${terminal.style('dim', printable(where.padEnd(width)))}   ${printable(what)}`,
  );
}
