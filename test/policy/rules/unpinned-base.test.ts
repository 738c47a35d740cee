import { built, DIGEST, messagesOf, referred, useWith } from '../samples';

const RULE = 'UnpinnedBase';

describe(RULE, () => {
  test.each(['gcr.io/distroless/static-debian13:nonroot', 'cgr.dev/chainguard/static', 'dhi.io/new:1'])(
    'catches %s',
    (base) => {
      expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toHaveLength(1);
    },
  );

  test('catches an image that is run as it is', () => {
    const use = useWith({}, { origin: { kind: 'reference', reference: 'cgr.dev/chainguard/nginx' } });
    expect(messagesOf(RULE, use, referred('cgr.dev/chainguard/nginx'))).toEqual([
      'the image cgr.dev/chainguard/nginx is not pinned by a digest: it can change from one day to the next',
    ]);
  });

  test.each([
    `gcr.io/distroless/static-debian13:nonroot@${DIGEST}`,
    'scratch',
    'node:24',
    'gcr.io/distroless/static:debug',
  ])('catches not %s, which is pinned or to be replaced', (base) => {
    expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toEqual([]);
  });
});
