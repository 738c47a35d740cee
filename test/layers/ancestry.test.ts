import { findBase } from '../../lib/layers/ancestry';

const base = (reference: string, ...diffIds: string[]) => ({ reference, diffIds });
const STATIC = base('static', 'a', 'b');
const NODE = base('node', 'a', 'b', 'c');

describe('the base of an image', () => {
  test.each<[string, string[], Array<typeof STATIC>, string | undefined]>([
    ['is the one whose layers come first', ['a', 'b', 'x'], [STATIC, NODE], 'static'],
    ['is the one with the most layers', ['a', 'b', 'c', 'x'], [STATIC, NODE], 'node'],
    ['is that also when the larger is known first', ['a', 'b', 'c'], [NODE, STATIC], 'node'],
    ['is the first of two that are the same', ['a', 'b'], [STATIC, base('copy', 'a', 'b')], 'static'],
    ['may be all of the image', ['a', 'b'], [STATIC], 'static'],
    ['is not one that has more layers', ['a'], [STATIC], undefined],
    ['is not one whose layers are in another order', ['b', 'a', 'x'], [STATIC], undefined],
    ['is not one whose layers lie on top of others', ['x', 'a', 'b'], [STATIC], undefined],
    ['is not one without layers', ['a', 'b'], [base('scratch')], undefined],
    ['is unknown where none is known', ['a', 'b'], [], undefined],
  ])('%s', (_, diffIds, bases, expected) => {
    expect(findBase(diffIds, bases)?.reference).toBe(expected);
  });
});
