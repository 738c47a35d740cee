import { GOOD_FACTS, messagesOf, useWith } from '../samples';

const RULE = 'WritableRoot';

describe(RULE, () => {
  test.each(['AWS::ECS::TaskDefinition', 'AWS::ECS::DaemonTaskDefinition', 'AWS::Batch::JobDefinition'])(
    'catches a %s that does not say that its root is read-only',
    (resourceType) => {
      expect(messagesOf(RULE, useWith({ readonlyRootFilesystem: undefined }, { resourceType }), GOOD_FACTS)).toEqual([
        'the root file system is not read-only',
      ]);
      expect(messagesOf(RULE, useWith({ readonlyRootFilesystem: false }, { resourceType }), GOOD_FACTS)).toHaveLength(
        1,
      );
    },
  );

  test('catches what is known at deployment only', () => {
    const settings = { readonlyRootFilesystem: undefined, unresolved: ['readonlyRootFilesystem'] };
    expect(messagesOf(RULE, useWith(settings), GOOD_FACTS)).toEqual([
      'whether the root file system is read-only is known at deployment only',
    ]);
  });

  test('catches not a read-only root', () => {
    expect(messagesOf(RULE, useWith({ readonlyRootFilesystem: true }), GOOD_FACTS)).toEqual([]);
  });

  test.each(['AWS::Lambda::Function', 'AWS::AppRunner::Service', 'AWS::SageMaker::Model'])(
    'catches not a %s, where nothing can be chosen',
    (resourceType) => {
      expect(messagesOf(RULE, useWith({ readonlyRootFilesystem: undefined }, { resourceType }), GOOD_FACTS)).toEqual(
        [],
      );
    },
  );
});
