import { gzipSync } from 'node:zlib';
import { archiveOf, image, inspectArchive, layer, ociLayout, sha256, type BuiltLayer } from '../fixtures/image-builder';

const FIRST = layer([{ name: 'first', body: 'one' }], gzipSync);
const SECOND = layer([{ name: 'second', body: 'two' }], gzipSync);

function answerWithoutSecond(first: BuiltLayer): () => unknown {
  const files = ociLayout(image([first, SECOND]));
  files.delete(`blobs/sha256/${sha256(SECOND.stored)}`);
  return () => inspectArchive(archiveOf(files));
}

describe('of all that is wrong with the layers of an image, what comes first in it is told', () => {
  test('a layer that is not there, when its turn comes', () => {
    expect(answerWithoutSecond(FIRST)).toThrow(
      /layer 1, path "blobs\/sha256\/\w+": it is referred to, and is not there/,
    );
  });

  test('what is wrong with the one below, before it', () => {
    const damaged = { ...FIRST, diffId: SECOND.diffId };
    expect(answerWithoutSecond(damaged)).toThrow(/layer 0: the unpacked layer/);
  });
});
