import {
  ChangeListWriter,
  possibleHardLinkTargets,
  readChanges,
  type Change,
} from '../../../lib/layers/scan/change-list';
import { changesIn } from '../fixtures/change-list';

function written(changes: readonly Change[]): readonly string[] {
  const writer = new ChangeListWriter();
  for (const change of changes) writer.add(change);
  return writer.finish();
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
  expect(changesIn(blocks)).toEqual(many);
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
  expect(changesIn(blocks)).toEqual(
    texts.flatMap((paths): Change[] => [
      { kind: 'symlink', path: `${paths[0]}/link`, target: 'x' },
      ...paths.map((path): Change => ({ kind: 'file', path })),
    ]),
  );
});

test('nothing is held by an empty list', () => {
  expect(changesIn(written([]))).toEqual([]);
  expect([...possibleHardLinkTargets(written([]))]).toEqual([]);
});

test('files of one directory are told at once, and what is said of their size is true', () => {
  const writer = new ChangeListWriter();
  const files = ['usr/a', 'usr/b', 'usr/lib/c', 'usr/lib/d', 'usr/e'].map((path): Change => ({ kind: 'file', path }));
  const sizes = [{ kind: 'directory', path: 'usr' } as const, ...files].map((change) => writer.add(change));
  const blocks = writer.finish();
  const seen: string[] = [];
  readChanges(blocks, {
    enter: (directory, brought) => seen.push(`${brought ? 'brings' : 'in'} ${directory}`),
    files: (names) => seen.push(names),
    note: (kind) => seen.push(kind),
  });
  expect(seen).toEqual(['brings usr', 'a/b', 'in usr/lib', 'c/d', 'in usr', 'e']);
  // Behind the names of files, what ends them is written when something else comes.
  expect(sizes.reduce((sum, size) => sum + size)).toBe(blocks.join('').length - 3);
});

test.each(['?x\0', 'c0usr\0'])('%j is no list of changes', (block) => {
  expect(() => changesIn([block])).toThrow('damaged list of changes');
});

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
