import { built, GOOD_FACTS, messagesOf, useWith } from '../samples';

const RULE = 'PlatformMismatch';

describe(RULE, () => {
  test.each([
    ['linux/arm64', 'linux/amd64'],
    ['linux/amd64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/amd64'],
    ['linux/amd64', 'windows/amd64'],
  ])('catches an image for %s that runs on %s', (platform, wanted) => {
    expect(messagesOf(RULE, useWith({ platform: wanted }), { ...GOOD_FACTS, platform })).toEqual([
      `the image is built for ${platform}, and runs on ${wanted}`,
    ]);
  });

  test.each([
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    [undefined, 'linux/arm64'],
    ['linux/arm64', undefined],
  ])('catches not an image for %s that runs on %s', (platform, wanted) => {
    expect(messagesOf(RULE, useWith({ platform: wanted }), { ...GOOD_FACTS, platform })).toEqual([]);
  });

  test('catches not an asset without a platform, which is built for whatever machine builds it', () => {
    const facts = built('FROM gcr.io/distroless/static-debian13:nonroot');
    expect(messagesOf(RULE, useWith({ platform: 'linux/arm64' }), facts)).toEqual([]);
  });

  test('catches an asset with a platform', () => {
    const facts = built('FROM gcr.io/distroless/static-debian13:nonroot', { platform: 'linux/amd64' });
    expect(messagesOf(RULE, useWith({ platform: 'linux/arm64' }), facts)).toHaveLength(1);
  });
});
