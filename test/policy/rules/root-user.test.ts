import { isRoot } from '../../../lib/policy/user';
import { built, GOOD_FACTS, messagesOf, referred, useWith } from '../samples';

const RULE = 'RootUser';
const STATIC = 'FROM gcr.io/distroless/static-debian13';

describe(RULE, () => {
  test.each(['', 'root', '0', '00', '0:0', 'root:root', '0:65532', ':65532', ' 0 ', '+0', '-0'])(
    '%j is root',
    (user) => {
      expect(isRoot(user)).toBe(true);
    },
  );

  test.each(['65532', '65532:0', 'nonroot', 'node', '1000:1000', '10', 'rooter'])('%j is not root', (user) => {
    expect(isRoot(user)).toBe(false);
  });

  test.each([
    `${STATIC}`,
    `${STATIC}:nonroot\nUSER 0`,
    `${STATIC}:nonroot\nUSER root`,
    'FROM scratch',
    'FROM mcr.microsoft.com/openjdk/jdk:25-distroless',
  ])('catches %j', (text) => {
    expect(messagesOf(RULE, useWith({ user: undefined }), built(text))).toHaveLength(1);
  });

  test.each([
    `${STATIC}:nonroot`,
    `${STATIC}\nUSER 65532`,
    'FROM scratch\nUSER 65532:65532',
    'FROM dhi.io/node:24-debian13',
  ])('catches not %j', (text) => {
    expect(messagesOf(RULE, useWith({ user: undefined }), built(text))).toEqual([]);
  });

  test('the template beats the image, for better and for worse', () => {
    expect(messagesOf(RULE, useWith({ user: '65532' }), built(STATIC))).toEqual([]);
    expect(messagesOf(RULE, useWith({ user: '0' }), GOOD_FACTS)).toEqual([
      'the template runs the container as root (user "0")',
    ]);
  });

  test('catches an image that is run as it is', () => {
    expect(messagesOf(RULE, useWith({ user: undefined }), referred('gcr.io/distroless/static-debian13'))).toHaveLength(
      1,
    );
  });

  test.each(['AWS::Lambda::Function', 'AWS::Serverless::Function'])(
    'catches not a %s, which runs as a user of its own',
    (resourceType) => {
      expect(messagesOf(RULE, useWith({ user: undefined }, { resourceType }), built(STATIC))).toEqual([]);
    },
  );

  test('catches not a user that is known at deployment only, which is unproven', () => {
    expect(messagesOf(RULE, useWith({ user: undefined, unresolved: ['user'] }), built(STATIC))).toEqual([]);
  });
});
