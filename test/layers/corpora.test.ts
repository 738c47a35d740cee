import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { InspectionError } from '../../lib/layers/inspection-error';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import { dockerArchive, found, image, inspectArchive, inspectFile, layer } from './fixtures/image-builder';

const ROOT = resolve(__dirname, '../..');
const ARCHIVES = join(process.env.DISTROLESS_CORPORA ?? join(ROOT, '../shared/corpora'), 'archives');
const TARS = join(process.env.DISTROLESS_VECTORS ?? join(ROOT, '../shared/vectors'), 'tar');

function tarsBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tar'))
    .map((name) => join(directory, name))
    .sort();
}

/** The facts, or the code of the refusal. */
function outcome(inspect: () => LayerFacts[]): LayerFacts[] | string {
  try {
    return inspect();
  } catch (error) {
    if (InspectionError.isInspectionError(error)) return error.code;
    throw error;
  }
}

/** What is known of some of the archives; the others must be read, or be refused with a reason. */
const EXPECTED: Readonly<Record<string, string | ((facts: LayerFacts[]) => void)>> = {
  'test-docker-image.tar': ([facts]) => {
    expect(found(facts)).toContain('shell busybox /bin/sh');
    expect(facts.layers).toHaveLength(14);
  },
  'test-estargz-image.tar': 'not-an-image',
  'test-gzip-image.tar': 'not-an-image',
  'test-uncompressed-image.tar': 'not-an-image',
  'no_manifest.tar': 'not-an-image',
  'hello-world-v25.tar': ([facts]) => expect([facts.platform, found(facts)]).toEqual(['linux/arm64', []]),
  'test_bundle.tar': (facts) => expect(facts.map(({ subject }) => subject)).toEqual(['test_image_2', 'test_image_1']),
};

const describeArchives = tarsBelow(ARCHIVES).length > 0 ? describe : describe.skip;

describeArchives(`the archives of other projects (needs ${relative(ROOT, ARCHIVES)})`, () => {
  test.each(tarsBelow(ARCHIVES).map((path) => [relative(ARCHIVES, path), path]))(
    '%s is read, or refused with a reason',
    (_, path) => {
      const result = outcome(() => inspectFile(path));
      const expected = EXPECTED[basename(path)];
      if (typeof expected === 'string') return expect(result).toBe(expected);
      if (typeof result === 'string')
        return expect(['not-an-image', 'missing', 'unsupported', 'corrupt']).toContain(result);
      expect(result.every((facts) => facts.layers.every(({ verified }) => verified))).toBe(true);
      return expected?.(result);
    },
  );
});

const describeTars = tarsBelow(TARS).length > 0 ? describe : describe.skip;

describeTars(`tar archives that readers disagree on (needs ${relative(ROOT, TARS)})`, () => {
  const agreement: string[] = [];

  afterAll(() => {
    process.stdout.write(`tar vectors: ${agreement.length} of ${tarsBelow(TARS).length} found or refused\n`);
  });

  test.each(tarsBelow(TARS).map((path) => [basename(path), path]))(
    '%s: bin/sh is found, or the archive refused',
    (name, path) => {
      const result = outcome(() => [inspectArchive(dockerArchive(image([layer(readFileSync(path))])))]);
      if (typeof result === 'string') expect(['ambiguous', 'corrupt', 'truncated', 'limit']).toContain(result);
      else expect(namesIn(result[0])).toContainEqual(expect.stringMatching(/\/bin\/(ba|a)?sh$/));
      agreement.push(name);
    },
  );
});

function namesIn({ tools, unproven }: LayerFacts): string[] {
  return [...tools.map(({ path }) => path), ...unproven.map(({ path }) => path ?? '')];
}
