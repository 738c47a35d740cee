import { findingsOf, GOOD_FACTS, messagesOf, useWith } from '../samples';

const RULE = 'ExpiredException';
const EXCEPTION = { patterns: ['services/**'], reason: 'INFRA-1234', expires: '2026-11-22' };

describe(RULE, () => {
  test('catches an exception that is past its date, for an image that it is meant for', () => {
    expect(messagesOf(RULE, useWith(), GOOD_FACTS, { exceptions: [EXCEPTION] })).toEqual([
      'the exception for services/** held until 2026-11-22 (reason: INFRA-1234)',
    ]);
  });

  test('catches not an exception on its last day', () => {
    expect(messagesOf(RULE, useWith(), GOOD_FACTS, { exceptions: [{ ...EXCEPTION, expires: '2026-11-23' }] })).toEqual(
      [],
    );
  });

  test('catches not an exception that is meant for other images', () => {
    const exceptions = [{ ...EXCEPTION, patterns: ['other/**'] }];
    expect(messagesOf(RULE, useWith(), GOOD_FACTS, { exceptions })).toEqual([]);
  });

  test('cannot be excepted by another exception', () => {
    const exceptions = [EXCEPTION, { ...EXCEPTION, patterns: ['**'], expires: '2027-11-23' }];
    expect(findingsOf(useWith(), GOOD_FACTS, { exceptions })).toHaveLength(1);
  });
});
