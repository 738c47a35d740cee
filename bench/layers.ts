/**
 * How long inspecting an image takes, against programs that do no more than unpack or copy the same bytes. Prints a Markdown table.
 *
 * `npx ts-node --transpile-only bench/layers.ts [RUNS [IMAGE...]]`, images being `jdk`, `go` and `node`. Whole processes, the subject and its reference in turn; medians, and the median of the ratios.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRoom } from '../test/layers/fixtures/compiled-room';
import { prepareStandIns } from '../test/e2e/stand-ins/stand-ins';
import { builderImage, TOOLCHAIN_NAMES, type BuilderImage, type Toolchain } from './layers/builder-images';
import { snykScan, type ArchiveKind } from './layers/snyk';

const [, , runs = '5', ...chosen] = process.argv;
const RUNS = Number(runs);
const IMAGES = chosen.length > 0 ? chosen.map(toolchain) : TOOLCHAIN_NAMES;

/** One thing that is measured: what it is compared with, and by how much it may be slower. */
interface Comparison {
  readonly image: string;
  readonly what: string;
  readonly subject: readonly string[];
  readonly reference: readonly string[];
  readonly bound: number;
}

interface Timing {
  readonly seconds: number;
  /** Peak memory in MiB, of those that tell it. */
  readonly peak?: number;
}

/** Inspects `argv[2]`; with a cache file in `argv[3]`, takes from it what it has, and leaves out the last layer as new. */
const INSPECT = `
require('./lib/layers/short-run.js').expectShortRun();
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { inspectImage } = require('./lib/layers/inspect.js');
const { openImage } = require('./lib/layers/sources/open-image.js');
const file = process.argv[3];
const scans = new Map(file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
const fresh = new Map();
const cache = file && { find: (diffId) => scans.get(diffId), keep: (scan) => fresh.set(scan.diffId, scan) };
const source = openImage(process.argv[2]);
const [facts] = inspectImage(source, { cache });
source.close();
if (file && !existsSync(file)) writeFileSync(file, JSON.stringify([...fresh].slice(0, -1)));
if (facts.tools.length === 0) throw new Error('the shell was not found');
// Not maxRSS of resourceUsage(), which counts the process that this one was started by.
const [, peakKiB] = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
process.stdout.write(String(peakKiB / 1024));
`;

async function main(): Promise<void> {
  const standIns = await prepareStandIns((message) => process.stderr.write(`${message}\n`));
  const images = IMAGES.map((name) => builderImage(name, standIns));
  const directory = mkdtempSync(join(tmpdir(), 'bench-layers-'));
  try {
    compile(directory);
    const rows = images.flatMap((image) => comparisons(image, directory)).map(measure);
    process.stdout.write(table(rows, images));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What is measured, as it is published: plain JavaScript. */
function compile(directory: string): void {
  compileRoom(directory);
  writeFileSync(join(directory, 'inspect.js'), INSPECT);
}

function toolchain(name: string): Toolchain {
  const known = TOOLCHAIN_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`no image ${name}: choose from ${TOOLCHAIN_NAMES.join(', ')}`);
  return known;
}

function comparisons({ name, dockerArchive, ociArchive, layouts }: BuilderImage, directory: string): Comparison[] {
  const inspect = (path: string, ...more: string[]) => [process.execPath, join(directory, 'inspect.js'), path, ...more];
  const unpack = (tool: string, layers: readonly string[]) => [
    'sh',
    '-c',
    layers.map((path) => `${tool} -dc < ${path}`).join(';'),
  ];
  const { gzip, zstd } = layouts;
  const cache = join(directory, `${name}.json`);
  run(inspect(gzip.path, cache));
  const candidates: Comparison[] = [
    {
      image: name,
      what: 'gzip layers : gzip -dc',
      subject: inspect(gzip.path),
      reference: unpack('gzip', gzip.layers),
      bound: 0.55,
    },
    {
      image: name,
      what: 'gzip layers : igzip -dc',
      subject: inspect(gzip.path),
      reference: unpack('igzip', gzip.layers),
      bound: 1.3,
    },
    {
      image: name,
      what: 'zstd layers : zstd -dc',
      subject: inspect(zstd.path),
      reference: unpack('zstd', zstd.layers),
      bound: 1.7,
    },
    {
      image: name,
      what: 'docker save : cat',
      subject: inspect(dockerArchive),
      reference: ['cat', dockerArchive],
      bound: 2,
    },
    {
      image: name,
      what: 'warm cache : cold',
      subject: inspect(gzip.path, cache),
      reference: inspect(gzip.path),
      bound: 1 / 8,
    },
  ];
  return [
    ...candidates.filter(isPossible),
    ...againstSnyk(name, 'docker-archive', dockerArchive, inspect(dockerArchive), 1 / 8),
    ...againstSnyk(name, 'oci-archive', ociArchive, inspect(ociArchive), 1 / 4),
  ];
}

function againstSnyk(
  image: string,
  kind: ArchiveKind,
  path: string,
  subject: readonly string[],
  bound: number,
): Comparison[] {
  const reference = snykScan(kind, path);
  if (reference) return [{ image, what: `${kind} : snyk-docker-plugin`, subject, reference, bound }];
  process.stderr.write(`skipped: ${kind} of ${image} against snyk-docker-plugin, which cannot be installed here\n`);
  return [];
}

/** Whether the program that ours is compared with is there; says so if it is not. */
function isPossible({ image, what, reference }: Comparison): boolean {
  const [program, , line] = reference;
  const name = line?.split(' ')[0] ?? program;
  const installed = name.startsWith('/') || spawnSync(name, ['--version']).error === undefined;
  if (!installed) process.stderr.write(`skipped: ${what} of ${image}, because ${name} is not installed\n`);
  return installed;
}

interface Row extends Comparison {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  readonly peak: number;
}

/** In turn, so that whatever else the machine does falls on both. */
function measure(comparison: Comparison): Row {
  const pairs = Array.from({ length: RUNS }, () => ({
    ours: run(comparison.subject),
    theirs: run(comparison.reference),
  }));
  return {
    ...comparison,
    ours: median(pairs.map(({ ours }) => ours.seconds)),
    theirs: median(pairs.map(({ theirs }) => theirs.seconds)),
    ratio: median(pairs.map(({ ours, theirs }) => ours.seconds / theirs.seconds)),
    peak: Math.max(...pairs.map(({ ours }) => ours.peak ?? 0)),
  };
}

/** Without what some machines add to every start of Node.js, ours and that of others: certificates that nothing here asks for. */
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** The output goes through a pipe that somebody reads, as it would in use. */
function run(command: readonly string[]): Timing {
  const piped = command[0] === process.execPath ? command : ['sh', '-c', '"$@" | wc -c', 'sh', ...command];
  const start = process.hrtime.bigint();
  const result = spawnSync(piped[0], piped.slice(1), { encoding: 'utf8', env: ENVIRONMENT });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (result.status !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
  return piped === command ? { seconds, peak: Number(result.stdout) } : { seconds };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function table(rows: readonly Row[], images: readonly BuilderImage[]): string {
  const sizes = images.map(({ name, unpackedBytes }) => `${name} ${Math.round(unpackedBytes / 1e6)} MB`);
  const lines = rows.map(({ image, what, ours, theirs, ratio, bound, peak }) =>
    [
      image,
      what,
      ours.toFixed(2),
      theirs.toFixed(2),
      ratio.toFixed(3),
      bound.toFixed(3),
      ratio <= bound ? 'yes' : 'no',
      Math.round(peak),
    ].join(' | '),
  );
  return [
    `Unpacked: ${sizes.join(', ')}; Node.js ${process.version}; medians of ${RUNS} runs`,
    '',
    '| image | subject : reference | ours s | reference s | ratio | bound | held | peak MiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

void main();
