import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import type { DockerfileAnalysis, ImageDescription } from '../../lib/dockerfile/analysis';
import { describeWith, VECTORS } from './test-data';

interface Vector {
  readonly id: string;
  readonly dockerfile: string;
  readonly buildArgs: Record<string, string> | null;
  readonly target: string | null;
  readonly platform: string | null;
  readonly expect: Answer & { readonly error: string | null };
}

interface Answer {
  readonly finalBase: string | null;
  readonly images: readonly string[];
  readonly stages: ReadonlyArray<
    Record<'name' | 'base' | 'platform', string> & { readonly commands: readonly string[] }
  >;
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
}

/** Vectors that are not ours to agree with, each with its reason: Windows, and bugs of BuildKit. */
const OUT_OF_SCOPE = JSON.parse(readFileSync(join(__dirname, 'out-of-scope.json'), 'utf8')) as {
  readonly id: string;
  readonly reason: string;
}[];

describeWith(VECTORS, 'the answers of BuildKit', () => {
  const files = existsSync(VECTORS) ? readdirSync(VECTORS).filter((name) => name.endsWith('.json')) : [];

  test.each(files)('are ours for %s', (file) => {
    const vectors = JSON.parse(readFileSync(join(VECTORS, file), 'utf8')) as Vector[];
    const inScope = vectors.filter(({ id }) => !OUT_OF_SCOPE.some((entry) => entry.id === id));
    const wrong = inScope.flatMap(difference);
    process.stdout.write(`${file}: ${inScope.length - wrong.length} of ${inScope.length} agree\n`);
    expect(wrong).toEqual([]);
  });
});

function difference(vector: Vector): { id: string; expected: unknown; actual: unknown }[] {
  const analysis = analyseDockerfile({
    text: vector.dockerfile,
    file: 'Dockerfile',
    buildArgs: vector.buildArgs ?? undefined,
    target: vector.target ?? undefined,
    platform: vector.platform ?? undefined,
    describeImage,
  });
  const { error, ...answer } = vector.expect;
  const expected = error === null ? sorted(answer) : 'refused';
  const actual = analysis.refusal ? 'refused' : sorted(answerOf(analysis));
  if (JSON.stringify(expected) === JSON.stringify(actual)) return [];
  return [{ id: vector.id, expected: error ?? expected, actual: analysis.refusal?.message ?? actual }];
}

/** The images of the recording had empty settings, but for one that has a trigger. */
function describeImage(reference: string): ImageDescription {
  const onbuild = reference === 'docker.io/library/mybase:latest' ? ['COPY --from=busybox /bin/sh /x'] : [];
  return { user: '', entrypoint: [], cmd: [], workdir: '', env: {}, envComplete: true, onbuild };
}

function answerOf(analysis: DockerfileAnalysis): Answer {
  const { base } = analysis;
  return {
    finalBase: base.kind === 'image' ? base.reference : base.kind,
    images: analysis.images.map(({ reference, platform }) => `${reference} ${platform}`),
    stages: analysis.stages.map(({ name, base, platform, commands }) => ({ name, base, platform, commands })),
    entrypoint: analysis.entrypoint?.value.argv ?? null,
    cmd: analysis.cmd?.value.argv ?? null,
  };
}

/**
 * In one order, for comparison. An image that two stages resolve is listed once, and the case of instructions does not count: some
 * of the recordings kept it and some did not.
 */
function sorted({ finalBase, images, stages, entrypoint, cmd }: Answer): Answer {
  return {
    finalBase,
    images: [...new Set(images)].sort(),
    stages: stages.map(({ name, base, platform, commands }) => {
      return { name, base, platform, commands: commands.map((command) => command.toUpperCase()) };
    }),
    entrypoint,
    cmd,
  };
}
