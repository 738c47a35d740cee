import { APP, SHELL } from '../fixtures/programs';
import { found, inspectLayers } from '../fixtures/image-builder';
import { pax, type TarMember } from '../fixtures/tar-builder';

const file = (name: string, body: Buffer | string = APP): TarMember => ({ name, body });
const shell = (name: string): TarMember => ({ name, body: SHELL });
const directory = (name: string): TarMember => ({ name, type: '5' });
const symlink = (name: string, target: string): TarMember => ({ name, type: '2', target });
const hardlink = (name: string, target: string): TarMember => ({ name, type: '1', target });

/** Paths of what is found in an image of these layers. */
function paths(...layers: TarMember[][]): string[] {
  return inspectLayers(...layers).tools.map(({ path }) => path);
}

describe('one layer', () => {
  test('a renamed shell is found by its content', () => {
    expect(found(inspectLayers([shell('app/healthcheck')]))).toEqual(['shell bash /app/healthcheck']);
  });

  test('a program with the name of a shell is found by its name', () => {
    const [tool] = inspectLayers([file('bin/sh')]).tools;
    expect(tool).toMatchObject({ kind: 'sh', path: '/bin/sh', by: 'path' });
  });

  test('a script named like a shell, and an empty file, are none', () => {
    expect(paths([file('bin/sh', '#!/usr/bin/python3\n'), file('bin/bash', '')])).toEqual([]);
  });

  test('what is named like a shell and is nothing known is not vouched for', () => {
    expect(inspectLayers([file('bin/sh', 'data')]).unproven).toMatchObject([{ path: '/bin/sh' }]);
  });

  test('every hard link is a name, and the trace leads to the content', () => {
    const facts = inspectLayers([shell('bin/x'), hardlink('app/tool', 'bin/x')]);
    expect(facts.tools.map(({ path }) => path)).toEqual(['/app/tool', '/bin/x']);
    expect(facts.tools[0].trace).toEqual([
      { layer: 0, path: 'app/tool' },
      { layer: 0, path: 'bin/x' },
    ]);
  });

  test.each([
    ['an absolute link', symlink('app/run', '/opt/x')],
    ['a relative link', symlink('app/run', '../opt/x')],
    ['a link that climbs above the root', symlink('app/run', '../../../../opt/./x')],
  ])('%s to a shell is a name of it', (_, link) => {
    expect(paths([shell('opt/x'), link])).toEqual(['/app/run', '/opt/x']);
  });

  test('a link with the name of a shell makes any program one', () => {
    expect(found(inspectLayers([file('opt/x'), symlink('bin/sh', '/opt/x')]))).toEqual(['shell sh /bin/sh']);
  });

  test('a link with the name of a package manager makes any script one', () => {
    const facts = inspectLayers([file('opt/x.js', '#!/usr/bin/node\n'), symlink('usr/bin/npm', '/opt/x.js')]);
    expect(found(facts)).toEqual(['package-manager npm /usr/bin/npm']);
  });

  test('links to directories give further names', () => {
    expect(paths([symlink('bin', 'usr/bin'), shell('usr/bin/sh')])).toEqual(['/bin/sh', '/usr/bin/sh']);
  });

  test('a chain is followed as far as the kernel follows it', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, i) => symlink(i === 0 ? 'sh' : `l${i}`, i + 1 === length ? 'x' : `l${i + 1}`));
    expect(paths([shell('x'), ...chain(40)])).toContain('/sh');
    expect(paths([shell('x'), ...chain(41)])).not.toContain('/sh');
  });

  test('loops of links lead nowhere', () => {
    expect(paths([symlink('a', 'b'), symlink('b', 'a'), symlink('c', 'c'), shell('x')])).toEqual(['/x']);
  });

  test('an entry below a loop is refused', () => {
    expect(() => paths([symlink('a', 'b'), symlink('b', 'a')], [shell('a/x')])).toThrow(/lead nowhere/);
  });

  test('an entry below a program is refused', () => {
    expect(() => paths([file('a'), shell('a/x')])).toThrow(/below a file/);
  });

  test('of two entries with one name, the worse counts', () => {
    expect(paths([shell('bin/x'), file('bin/x')])).toEqual(['/bin/x']);
    expect(paths([file('bin/x'), shell('bin/x')])).toEqual(['/bin/x']);
    expect(paths([shell('bin/x'), file('bin/x', 'text')])).toEqual(['/bin/x']);
  });

  test('names that are not UTF-8 stay different', () => {
    expect(paths([shell('a\xff')], [file('a\xfe', 'text')])).toEqual(['/a\ufffd']);
  });

  test('long names come from pax records too', () => {
    expect(paths([pax({ path: `${'d/'.repeat(200)}x` }), shell('short')])).toEqual([`/${'d/'.repeat(200)}x`]);
  });
});

describe('layers on top of each other', () => {
  test('a whiteout hides what lies below', () => {
    expect(paths([shell('bin/x')], [file('bin/.wh.x', '')])).toEqual([]);
  });

  test('a whiteout hides a whole directory', () => {
    expect(paths([shell('usr/bin/x'), symlink('y', 'usr/bin/x')], [file('.wh.usr', '')])).toEqual([]);
  });

  test('a whiteout hides one of several names only', () => {
    expect(paths([shell('bin/x'), hardlink('bin/y', 'bin/x')], [file('bin/.wh.x', '')])).toEqual(['/bin/y']);
  });

  test('a whiteout does not hide what its own layer brings, in whatever order', () => {
    expect(paths([], [shell('bin/x'), file('bin/.wh.x', '')])).toEqual(['/bin/x']);
    expect(paths([], [file('bin/.wh.x', ''), shell('bin/x')])).toEqual(['/bin/x']);
  });

  test('an opaque directory hides what lies below, and not what its own layer brings', () => {
    const opaque = file('bin/.wh..wh..opq', '');
    expect(paths([shell('bin/x')], [directory('bin/'), shell('bin/y'), opaque])).toEqual(['/bin/y']);
    expect(paths([shell('bin/x')], [file('.wh..wh..opq', '')])).toEqual([]);
  });

  test('a directory that was hidden may come again', () => {
    const below = [shell('app/bin/x'), shell('app/bin/z')];
    expect(paths(below, [file('app/.wh..wh..opq', ''), shell('app/bin/y')])).toEqual(['/app/bin/y']);
  });

  test('a whiteout that names nothing is refused', () => {
    expect(() => paths([file('bin/.wh.', '')])).toThrow(/names nothing/);
  });

  test('another file, a directory or a link takes the place of what lies below', () => {
    expect(paths([shell('bin/x')], [file('bin/x', 'text')])).toEqual([]);
    expect(paths([shell('bin/x')], [directory('bin/x/')])).toEqual([]);
    expect(paths([shell('bin/x')], [symlink('bin/x', '/nowhere')])).toEqual([]);
    expect(paths([shell('usr/bin/x')], [file('usr', 'text')])).toEqual([]);
  });

  test('a directory leaves a directory as it is, and takes the place of a link', () => {
    expect(paths([shell('bin/x')], [directory('bin/')])).toEqual(['/bin/x']);
    expect(paths([symlink('bin', 'usr/bin'), shell('usr/bin/x')], [directory('bin/')])).toEqual(['/usr/bin/x']);
  });

  test('an entry behind a link of a lower layer lies where the link leads', () => {
    expect(paths([symlink('bin', 'usr/bin')], [shell('bin/x')])).toContain('/usr/bin/x');
  });

  test('nothing is hidden behind a link, because runtimes disagree', () => {
    const below = [symlink('bin', 'usr/bin'), shell('usr/bin/x')];
    expect(paths(below, [file('bin/.wh.x', '')])).toContain('/usr/bin/x');
    expect(paths(below, [file('bin/x', 'text')])).toContain('/usr/bin/x');
    expect(paths(below, [file('bin/x')])).toContain('/usr/bin/x');
  });

  test('a hard link to a lower layer is a name of what lies there', () => {
    expect(paths([shell('bin/x')], [hardlink('app/y', 'bin/x'), file('bin/.wh.x', '')])).toEqual(['/app/y']);
    expect(paths([shell('bin/x')], [hardlink('app/y', 'bin/x')], [file('bin/.wh.x', '')])).toEqual(['/app/y']);
  });

  test('sizes and files are counted by layer', () => {
    const facts = inspectLayers([file('a', 'xyz'), directory('b/'), symlink('c', 'a')], [file('d', 'z')]);
    expect(facts.layers.map(({ files, sizeBytes }) => [files, sizeBytes])).toEqual([
      [1, 3],
      [1, 1],
    ]);
    expect(facts.sizeBytes).toBe(4);
  });

  test('of a busybox with three hundred names, only telling ones are told', () => {
    const names = Array.from({ length: 300 }, (_, i) => hardlink(`bin/applet${i}`, 'bin/busybox'));
    const found = paths([shell('bin/busybox'), hardlink('bin/sh', 'bin/busybox'), ...names]);
    expect(found).toEqual(['/bin/busybox', '/bin/sh']);
  });
});
