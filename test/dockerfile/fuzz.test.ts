import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import { withoutHang } from '../hang';
import { VECTORS } from './test-data';

const CASES = 10_000;
/** Another seed gives other cases; the one of a failure is in its message. */
const SEED = Number(process.env.DISTROLESS_FUZZ_SEED ?? 20_261_123);

const SEEDLINGS = [
  'FROM alpine AS a\nRUN <<EOF\nx\nEOF\nFROM scratch\nCOPY --from=a /x /y\nENTRYPOINT ["/y"]\n',
  '# escape=`\nARG V=1\nFROM x:${V:-2} AS b\nONBUILD COPY --from=busybox a b\nFROM b\nHEALTHCHECK CMD x\n',
  'FROM --platform=$BUILDPLATFORM golang AS b\nENV A=${B#*x} C="d e"\nADD --unpack=true https://x/y /z\nSHELL ["a"]\nCMD x\n',
];

const SPLINTERS =
  '\\ ` \n \r\n \t \v \f \ufeff \u00a0 \u0085 " \' $ ${ } :- # % // [ ] , <<EOF <<- EOF FROM AS scratch RUN COPY ADD ARG ENV ONBUILD --from= --mount=type=cache, 0 = \u017f \ud83d \0'
    .split(' ')
    .concat(' ');

describe('ten thousand damaged Dockerfiles', () => {
  test(`are read without a crash or a hang (seed ${SEED})`, () => {
    const random = generator(SEED);
    const samples = [...SEEDLINGS, ...published()];
    let refused = 0;
    for (let i = 0; i < CASES; i++) {
      const text = damage(samples[random(samples.length)], random);
      const analysis = orExplain(() => withoutHang(() => analyseDockerfile({ text, file: 'Dockerfile' })), text);
      if (analysis.refusal) refused++;
      // What another frontend would make of a damaged file is unproven, and has no stages.
      else expect(analysis.stages.length + analysis.unproven.length).toBeGreaterThan(0);
    }
    // Damage that always kills, or never, would test little.
    expect(refused).toBeGreaterThan(CASES / 20);
    expect(refused).toBeLessThan(CASES * 0.95);
  }, 120_000);
});

function published(): string[] {
  if (!existsSync(VECTORS)) return [];
  const files = readdirSync(VECTORS).filter((name) => name.endsWith('.json'));
  const vectors = files.flatMap(
    (file) => JSON.parse(readFileSync(join(VECTORS, file), 'utf8')) as { dockerfile: string }[],
  );
  return vectors.map(({ dockerfile }) => dockerfile).filter((text) => text.length > 0 && text.length < 5000);
}

function damage(text: string, random: (limit: number) => number): string {
  let damaged = text;
  for (let strokes = 1 + random(4); strokes > 0; strokes--) {
    const at = random(damaged.length + 1);
    const end = random(3) === 0 ? at : Math.min(damaged.length, at + random(12));
    const piece =
      random(4) === 0 ? damaged.slice(random(damaged.length + 1)).slice(0, 40) : SPLINTERS[random(SPLINTERS.length)];
    damaged = damaged.slice(0, at) + piece + damaged.slice(end);
  }
  return damaged;
}

function orExplain<T>(read: () => T, text: string): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`seed ${SEED}, on ${JSON.stringify(text)}`, { cause: error });
  }
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
