import { IgnoreRules } from '../../lib/dockerfile/ignore-rules';
import { withoutHang } from '../hang';

/** [ignore file, path, whether the path is left out]; the answers are those of moby's patternmatcher. */
const CASES: ReadonlyArray<readonly [rules: string, path: string, ignored: boolean]> = [
  ['foo', 'foo', true],
  ['foo', 'foo/bar', true],
  ['foo', 'bar/foo', false],
  ['/foo', 'foo', true],
  ['./foo/', 'foo', true],
  ['foo/../bar', 'bar', true],
  ['*', 'a', true],
  ['*', 'a/b', true],
  ['*.log', 'x.log', true],
  ['*.log', 'a/x.log', false],
  ['*/*.log', 'a/x.log', true],
  ['**/*.log', 'x.log', true],
  ['**/*.log', 'a/b/x.log', true],
  ['**/foo', 'foo', true],
  ['**/foo', 'a/foo', true],
  ['**/foo', 'afoo', false],
  ['**foo', 'afoo', true],
  ['**foo', 'a/foo', true],
  ['foo/**', 'foo', false],
  ['foo/**', 'foo/a/b', true],
  ['foo**', 'foobar', true],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['a/**/b', 'a/xb', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['a[b-d]e', 'ace', true],
  ['a[^b-d]e', 'ace', false],
  ['a[^b-d]e', 'axe', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['# comment\nfoo', '# comment', false],
  [' # no comment', '# no comment', true],
  ['\ufefffoo', 'foo', true],
  ['foo\r\nbar\r\n', 'bar', true],
  ['*\n!keep', 'keep', false],
  ['*\n!keep', 'keep/x', false],
  ['*\n!keep/x', 'keep/y', true],
  ['*\n!keep/x', 'keep/x', false],
  ['a\n!a/b\na/b/c', 'a/b/c', true],
  ['a\n!a/b\na/b/c', 'a/b/d', false],
  ['! keep\n*', 'keep', true],
  ['a\n!a/b/c\na/b', 'a/b/c', false],
  ['a.b', 'axb', false],
  ['(a|b)+$', '(a|b)+$', true],
];

describe('an ignore file', () => {
  test.each(CASES)('%j and %j: %j', (rules, path, ignored) => {
    expect(IgnoreRules.parse(rules).ignores(path)).toBe(ignored);
  });

  test.each(['!', 'a[', 'a[]', 'a[b-', 'a[-b]x', 'a*\\'])('fails on %j', (rules) => {
    expect(() => IgnoreRules.parse(rules)).toThrow(SyntaxError);
  });

  test('does not hang on patterns that would make regular expressions hang', () => {
    const rules = IgnoreRules.parse(`${'**/*a*'.repeat(30)}b`);
    expect(withoutHang(() => rules.ignores(`${'a'.repeat(2000)}/c`))).toBe(false);
    expect(withoutHang(() => rules.ignores(`${'a/'.repeat(2000)}xb`))).toBe(false);
  });
});
