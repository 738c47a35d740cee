import type { Introduction } from '../../dockerfile/analysis';
import type { LayerFacts } from '../../layers/layer-facts';
import type { ImageFacts, ToolFact, Trace } from '../../policy/image-facts';
import { traceLines } from '../../report/trace-lines';
import { printable } from '../../report/printable';
import { count, formatBytes } from '../quantities';
import type { Style, Terminal } from '../terminal';
import { verdictOf, type Inspection, type Verdict } from './inspection';

const BAR_WIDTH = 30;

const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = { compliant: 'green', violation: 'red', unproven: 'yellow' };

const INTRODUCTION_STYLES = { ok: 'green', violation: 'red', unproven: 'yellow' } as const;

/** By what a tool was recognised, in words. */
const KNOWN_BY = { content: 'content', path: 'name', 'source-image': 'image' } as const;

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
  const heading = `${terminal.style('bold', printable(facts.subject))}  ${printable(facts.platform ?? '')}`.trimEnd();
  const rows = [
    ...baseRows(inspection),
    ['user', facts.user && (facts.user.value || 'none, so root')],
    ['entrypoint', facts.entrypoint && commandText(facts.entrypoint.value.argv)],
    ['command', facts.cmd && commandText(facts.cmd.value.argv)],
    ...(facts.sizeBytes === undefined ? [] : [['size', formatBytes(facts.sizeBytes)]]),
  ];
  const lines = rows.map(([name = '', value]) => row(name, value ?? 'not known', terminal));
  return [`${heading}  ${terminal.style(['bold', VERDICT_STYLES[verdict]], verdict)}`, ...lines].join('\n');
}

function row(name: string, value: string, terminal: Terminal): string {
  return `  ${terminal.style('dim', name.padEnd(10))}  ${printable(value)}`;
}

/** The base, and on a line of its own what is known of it. */
function baseRows({ facts: { base }, layers }: Inspection): (string | undefined)[][] {
  if (!base) return [['base', layers && 'none that is known']];
  const reference = base.digest === undefined ? base.reference : `${base.reference}@${base.digest}`;
  const proof = layers?.base
    ? `its ${count(layers.base.layers, 'layer')} are the first of this image`
    : base.verdict?.reason;
  return [['base', reference], ...(proof === undefined ? [] : [['', proof]])];
}

function commandText(argv: readonly string[]): string {
  return argv.length === 0 ? 'none' : JSON.stringify(argv);
}

/** The FROM lines, and what each instruction brings. */
function chainSection({ dockerfile }: Inspection, terminal: Terminal): string {
  if (!dockerfile || dockerfile.baseChain.length === 0) return '';
  return [
    terminal.style('bold', 'base chain'),
    ...places(dockerfile.baseChain),
    ...(dockerfile.introductions.length === 0 ? [] : ['', terminal.style('bold', 'what the image gets')]),
    ...dockerfile.introductions.flatMap((introduction) => introductionLines(introduction, terminal)),
  ].join('\n');
}

function introductionLines({ subject, verdict, reason, trace }: Introduction, terminal: Terminal): string[] {
  const mark = terminal.style(INTRODUCTION_STYLES[verdict], verdict.padEnd(9));
  const because = reason === undefined ? '' : `: ${printable(reason)}`;
  return [`  ${mark}  ${printable(subject)}${because}`, ...(verdict === 'ok' ? [] : places(trace))];
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
    `  ${terminal.style('red', printable(path))}  ${kind}, known by its ${KNOWN_BY[by]}${because ? `: ${printable(because)}` : ''}`,
    ...places(trace),
  ]);
  return [terminal.style('bold', title), ...lines].join('\n');
}

function unprovenSection({ unproven }: ImageFacts, terminal: Terminal): string {
  if (unproven.length === 0) return '';
  const lines = unproven.flatMap(({ reason, path, trace }) => [
    `  ${path === undefined ? '' : `${terminal.style('yellow', printable(path))}  `}${printable(reason)}`,
    ...places(trace),
  ]);
  return [terminal.style('bold', 'unproven'), ...lines].join('\n');
}

function places(trace: Trace): string[] {
  return traceLines(trace, '    ');
}
