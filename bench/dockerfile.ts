/**
 * How many Dockerfiles a second are read, against dockerfile-ast, on the same files in the same run.
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

/** Processor seconds of the fastest round; the readers take turns, so that a busy machine is as busy for each. */
function measure(texts: readonly string[]): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, read] of Object.entries(READERS)) {
      const start = process.cpuUsage();
      for (const text of texts) read(text);
      const { user, system } = process.cpuUsage(start);
      best.set(name, Math.min(best.get(name) ?? Infinity, (user + system) / 1e6));
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

const texts = dockerfiles();
console.log(`${texts.length} published Dockerfiles, Node.js ${process.version}, best of ${ROUNDS} rounds\n`);
console.log(table(texts, measure(texts)));
