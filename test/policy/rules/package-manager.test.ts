import { GOOD_FACTS, messagesOf, useWith, withTool } from '../samples';

const RULE = 'PackageManager';

describe(RULE, () => {
  test('catches a package manager', () => {
    expect(messagesOf(RULE, useWith(), withTool({ kind: 'npm', path: '/usr/bin/npm' }, 'packageManagers'))).toEqual([
      'npm reaches the final image as /usr/bin/npm',
    ]);
  });

  test('catches not a shell', () => {
    expect(messagesOf(RULE, useWith(), withTool({}))).toEqual([]);
  });

  test('catches not an image without one', () => {
    expect(messagesOf(RULE, useWith(), GOOD_FACTS)).toEqual([]);
  });
});
