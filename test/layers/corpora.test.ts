import { basename, join, relative, resolve } from 'node:path';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import { found, inspectFile } from './fixtures/image-builder';
import { outcome, tarsBelow } from './fixtures/outcome';

const ROOT = resolve(__dirname, '../..');
const ARCHIVES = join(process.env.DISTROLESS_CORPORA ?? join(ROOT, '../shared/corpora'), 'archives');

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
