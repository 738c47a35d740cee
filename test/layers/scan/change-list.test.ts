import {
  ChangeListWriter,
  mayHoldChanges,
  possibleHardLinkTargets,
  readChanges,
  type Change,
} from '../../../lib/layers/scan/change-list';

function written(changes: readonly Change[]): readonly string[] {
  const writer = new ChangeListWriter();
  for (const change of changes) writer.add(change);
  return writer.finish();
}

function readBack(blocks: readonly string[]): Change[] {
  const changes: Change[] = [];
  readChanges(blocks, (change) => changes.push(change));
  return changes;
}

const ONE_OF_EACH: readonly Change[] = [
  { kind: 'directory', path: 'usr' },
  { kind: 'directory', path: 'usr/bin' },
  { kind: 'content', path: 'usr/bin/tool', content: 12 },
  { kind: 'symlink', path: 'usr/bin/to a tool', target: '../bin/tool' },
  { kind: 'hardlink', path: 'usr/bin/tool2', target: 'usr/bin/tool' },
  { kind: 'file', path: 'usr/bin/tool\n2' },
  { kind: 'whiteout', path: 'etc/passwd' },
  { kind: 'opaque', path: '' },
];

test('changes are read back as they were written, whatever there are more of than a block holds', () => {
  const many = Array.from({ length: 300 }, () => ONE_OF_EACH).flat();
  const blocks = written(many);
  expect(blocks.length).toBeGreaterThan(1);
  expect(readBack(blocks)).toEqual(many);
});

test('texts that have been written down elsewhere are read back among others, in blocks that are no larger', () => {
  const writer = new ChangeListWriter();
  const texts = Array.from({ length: 40 }, (_, i) => Array.from({ length: 100 }, (_, j) => `usr/${i}/${j}`));
  for (const paths of texts) {
    writer.add({ kind: 'symlink', path: `${paths[0]}/link`, target: 'x' });
    writer.addText(written(paths.map((path) => ({ kind: 'file', path }))).join(''), paths.length);
  }
  const blocks = writer.finish();
  expect(blocks).toHaveLength(4);
  expect(readBack(blocks)).toEqual(
    texts.flatMap((paths): Change[] => [
      { kind: 'symlink', path: `${paths[0]}/link`, target: 'x' },
      ...paths.map((path): Change => ({ kind: 'file', path })),
    ]),
  );
});

test('nothing is held by an empty list', () => {
  expect(readBack(written([]))).toEqual([]);
  expect([...possibleHardLinkTargets(written([]))]).toEqual([]);
});

test.each(['file', 'directory', 'whiteout', 'opaque', 'content', 'symlink', 'hardlink'] as const)(
  'the text tells whether there may be a %s',
  (kind) => {
    const others = ONE_OF_EACH.filter((change) => change.kind !== kind);
    expect(mayHoldChanges(written(ONE_OF_EACH), kind)).toBe(true);
    expect(mayHoldChanges(written(others), kind)).toBe(false);
  },
);

describe('targets of hard links are told from the text', () => {
  test('of the first change and of the last', () => {
    const link = (path: string, target: string): Change => ({ kind: 'hardlink', path, target });
    const blocks = written([link('a', 'bin/x'), { kind: 'file', path: 'b' }, link('c', 'bin/y'), link('d', 'bin/z')]);
    expect([...possibleHardLinkTargets(blocks)]).toEqual(['bin/x', 'bin/y', 'bin/z']);
  });

  test.each(['h0 x', 'h0 ', 'h', 'hz9 bin/sh', 'l0 a'])('also behind a symbolic link to %j', (disguise) => {
    const changes: Change[] = [
      { kind: 'symlink', path: 'bin/a', target: disguise },
      { kind: 'hardlink', path: 'bin/b', target: 'bin/sh' },
      { kind: 'symlink', path: 'bin/c', target: disguise },
      { kind: 'hardlink', path: `bin/${disguise}`, target: disguise },
      { kind: 'hardlink', path: 'bin/d', target: 'bin/bash' },
    ];
    const possible = [...possibleHardLinkTargets(written(changes))];
    expect(possible).toEqual(expect.arrayContaining(['bin/sh', disguise, 'bin/bash']));
  });
});
