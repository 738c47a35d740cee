import { built, GOOD_FACTS, messagesOf, useWith, withTool } from '../samples';

const RULE = 'ExecuteCommand';

describe(RULE, () => {
  test('catches ECS Exec for an image without a shell', () => {
    expect(messagesOf(RULE, useWith({ executeCommand: true }), GOOD_FACTS)).toHaveLength(1);
  });

  test('catches ECS Exec that is known at deployment only', () => {
    expect(messagesOf(RULE, useWith({ unresolved: ['executeCommand'] }), GOOD_FACTS)[0]).toContain(
      'at deployment only',
    );
  });

  test.each([undefined, false])('catches not executeCommand %s', (executeCommand) => {
    expect(messagesOf(RULE, useWith({ executeCommand }), GOOD_FACTS)).toEqual([]);
  });

  test('catches not an image that has a shell, which is reported for that', () => {
    expect(messagesOf(RULE, useWith({ executeCommand: true }), withTool({}))).toEqual([]);
    expect(messagesOf(RULE, useWith({ executeCommand: true }), built('FROM debian'))).toEqual([]);
  });
});
