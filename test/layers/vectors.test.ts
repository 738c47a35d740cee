import { readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import { dockerArchive, image, inspectArchive, layer } from './fixtures/image-builder';
import { outcome, tarsBelow } from './fixtures/outcome';

const ROOT = resolve(__dirname, '../..');
const TARS = join(process.env.DISTROLESS_VECTORS ?? join(ROOT, '../shared/vectors'), 'tar');

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
