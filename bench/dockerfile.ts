/**
 * How many Dockerfiles a second are read, against dockerfile-ast, on the same files in the same run; and how long large and hostile
 * ones take, against limits: 50 ms for a line of 60 kB, a second for 1 MB, two seconds where every part meets every other.
 *
 * Ours does the whole analysis: parser, stages, images, settings, introductions. dockerfile-ast parses and lists the instructions.
 *
 *     npx ts-node --transpile-only bench/dockerfile.ts
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { analyseDockerfile } from '../lib/dockerfile/analyse';
import { parseDockerfile } from '../lib/dockerfile/parse';
import { LONG_LINES, MANY_PARTS, MEGABYTES, REFUSED } from '../test/dockerfile/large-files';

const VECTORS = process.env.DISTROLESS_VECTORS ?? resolve(__dirname, '../../shared/vectors');
const ROUNDS = 15;

interface Vector {
  readonly dockerfile: string;
  readonly expect: { readonly error: string | null };
}

/** Only files that both readers read to the end. */
function dockerfiles(): string[] {
  const vectors = JSON.parse(readFileSync(join(VECTORS, 'real.json'), 'utf8')) as Vector[];
  return vectors.filter(({ expect }) => expect.error === null).map(({ dockerfile }) => dockerfile);
}

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'cdk-distroless, whole analysis': (text) => analyseDockerfile({ text, file: 'Dockerfile' }),
  'cdk-distroless, parser alone': (text) => parseDockerfile(text),
  'dockerfile-ast 0.7.1, parse and list': (text) => DockerfileParser.parse(text).getInstructions().length,
};

function processorSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Processor seconds of the fastest round; the readers take turns, so that a busy machine is as busy for each. */
function measure(texts: readonly string[]): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, read] of Object.entries(READERS)) {
      const seconds = processorSeconds(() => texts.forEach(read));
      best.set(name, Math.min(best.get(name) ?? Infinity, seconds));
    }
  }
  return best;
}

function table(texts: readonly string[], seconds: ReadonlyMap<string, number>): string {
  const bytes = texts.reduce((total, text) => total + Buffer.byteLength(text), 0);
  const rows = [...seconds].map(([name, best]) => {
    return `| ${name} | ${Math.round(texts.length / best)} | ${(bytes / best / 1e6).toFixed(1)} |`;
  });
  return ['| reader | Dockerfiles/s | MB/s |', '| --- | ---: | ---: |', ...rows].join('\n');
}

/** Processor milliseconds of the fastest round; the first ones compile the analysis. */
function milliseconds(text: string): number {
  const rounds = Array.from({ length: ROUNDS }, () =>
    processorSeconds(() => analyseDockerfile({ text, file: 'Dockerfile' })),
  );
  return 1000 * Math.min(...rounds);
}

/** The slowest first, which is what a limit is about. */
function limitRows(
  samples: ReadonlyArray<readonly [what: string, text: string, ...rest: unknown[]]>,
  limit: number,
): string[] {
  return samples
    .map(([what, text]) => ({ what, taken: milliseconds(text) }))
    .sort((a, b) => b.taken - a.taken)
    .map(({ what, taken }) => `| ${what} | ${taken.toFixed(1)} | ${limit} | ${(taken / limit).toFixed(2)} |`);
}

function limitTable(): string {
  const rows = [
    ...limitRows(LONG_LINES, 50),
    ...limitRows(MEGABYTES, 1000),
    ...limitRows([...MANY_PARTS, ...REFUSED], 2000),
  ];
  return ['| Dockerfile | ms | limit, ms | ratio |', '| --- | ---: | ---: | ---: |', ...rows].join('\n');
}

const texts = dockerfiles();
console.log(`${texts.length} published Dockerfiles, Node.js ${process.version}, best of ${ROUNDS} rounds\n`);
console.log(table(texts, measure(texts)));
console.log(`\n${limitTable()}`);
