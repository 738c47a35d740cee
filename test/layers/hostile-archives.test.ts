import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  addBlob,
  addManifest,
  archiveOf,
  dockerArchive,
  found,
  image,
  inspectFile,
  layer,
  ociLayout,
  sha256,
  withFile,
  type BuiltLayer,
} from './fixtures/image-builder';
import { outcome } from './fixtures/outcome';
import { APP, SHELL } from './fixtures/programs';
import { gnuLong, member, pax, tar, type TarMember } from './fixtures/tar-builder';

/** What is found in all images of an archive, or the code of the refusal. */
function answer(archive: Uint8Array): string[] | string {
  return withFile(archive, (path) => {
    const facts = outcome(() => inspectFile(path));
    return typeof facts === 'string' ? facts : facts.flatMap(found);
  });
}

const answerFor = (...layers: ReadonlyArray<readonly TarMember[]>): string[] | string =>
  answer(dockerArchive(image(layers.map((members) => layer(members)))));

const shell = (name = 'bin/x'): TarMember => ({ name, body: SHELL });
const app = (name = 'app'): TarMember => ({ name, body: APP });
const directory = (name: string): TarMember => ({ name, type: '5' });
const link = (name: string, target: string): TarMember => ({ name, type: '2', target });
const hardLink = (name: string, target: string): TarMember => ({ name, type: '1', target });
const whiteout = (name: string): TarMember => ({ name });

const FOUND = ['shell bash /bin/x'];

type Case = readonly [what: string, layers: TarMember[][], expected: string[] | string];

/** What containerd and Docker unpack, both of them by Go's archive/tar; where they differ, the shell is there. */
describe('the names of entries', () => {
  test.each<Case>([
    ['a pax name wins over the name in the header', [[pax({ path: 'bin/x' }), shell('etc/motd')]], FOUND],
    ['a GNU name wins over the name in the header', [[gnuLong('L', 'bin/x'), shell('etc/motd')]], FOUND],
    [
      'a GNU name and a pax name for one entry',
      [[gnuLong('L', 'etc/motd'), pax({ path: 'bin/x' }), shell('y')]],
      'ambiguous',
    ],
    ['a pax name in two headers', [[pax({ path: 'etc/motd' }), pax({ path: 'bin/x' }), shell('y')]], 'ambiguous'],
    ['a pax name that leads upwards', [[pax({ path: '../bin/x' }), shell('y')]], 'ambiguous'],
    ['a pax target that holds a NUL', [[pax({ linkpath: 'bin/x\0y' }), link('a', 'b')]], 'corrupt'],
    ['"./", "//" and "/./" in a name', [[shell('.//bin/./x')]], FOUND],
    ['a name whose slashes come first', [[shell('///bin/x')]], FOUND],
    [
      'a name written in two Unicode forms is two names',
      [[shell('caf\xc3\xa9'), app('cafe\xcc\x81')]],
      ['shell bash /café'],
    ],
    ['a name in other letters does not hide one', [[shell()], [app('BIN/X'), whiteout('Bin/.wh.x')]], FOUND],
    ['a file with a slash behind its name', [[{ ...shell('bin/x/'), type: '0' }]], 'ambiguous'],
    [
      'a file of the old type with a slash behind its name is a directory',
      [[shell()], [{ name: 'bin/', type: '\0' }]],
      FOUND,
    ],
    ['a name that does not end in its field', [[shell(`${'d'.repeat(98)}/x`)]], [`shell bash /${'d'.repeat(98)}/x`]],
  ])('%s', (_, layers, expected) => {
    expect(answerFor(...layers)).toEqual(expected);
  });
});

describe('sizes and kinds of entries', () => {
  const grown = (size: number) => pax({ size: String(size) });
  test.each<Case>([
    ['a pax size wins over the size in the header', [[grown(SHELL.length), { ...shell(), size: 0 }]], FOUND],
    ['a pax size that is too small', [[grown(0), shell()]], 'corrupt'],
    ['a pax size that swallows the next entry', [[grown(SHELL.length + 512), app(), shell()]], 'corrupt'],
    ['a sparse file of GNU tar', [[{ ...shell(), type: 'S' }]], 'ambiguous'],
    [
      'a sparse file of pax 0.0',
      [[pax({ 'GNU.sparse.numblocks': '1', 'GNU.sparse.size': '9' }), shell()]],
      'ambiguous',
    ],
    ['a sparse file of pax 0.1', [[pax({ 'GNU.sparse.map': '0,9', 'GNU.sparse.size': '9' }), shell()]], 'ambiguous'],
    ['a sparse file of pax 1.0', [[pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'bin/x' }), app()]], 'ambiguous'],
    ['a size that star calls the real one', [[pax({ 'SCHILY.realsize': '9' }), shell()]], 'ambiguous'],
    ['a device with a body', [[{ name: 'dev/x', type: '3', body: SHELL }]], 'ambiguous'],
    ['a hard link with a body', [[{ ...hardLink('bin/x', 'app'), body: SHELL }]], 'ambiguous'],
    ['a shell that runs as its owner', [[{ ...shell(), mode: 0o4755 }]], FOUND],
    ['a shell that nobody may run', [[{ ...shell(), mode: 0 }]], FOUND],
    ['a device in the place of a shell', [[shell()], [{ name: 'bin/x', type: '4' }]], []],
    [
      'a directory that an overlay takes from elsewhere',
      [[pax({ 'SCHILY.xattr.trusted.overlay.redirect': '/x' }), directory('a')]],
      'ambiguous',
    ],
  ])('%s', (_, layers, expected) => {
    expect(answerFor(...layers)).toEqual(expected);
  });
});

describe('what layers hide', () => {
  test.each<Case>([
    [
      'a hard link keeps what its own layer hides',
      [[shell('bin/y')], [whiteout('bin/.wh.y'), hardLink('bin/x', 'bin/y')]],
      FOUND,
    ],
    ['also before it hides it', [[shell('bin/y')], [hardLink('bin/x', 'bin/y'), whiteout('bin/.wh.y')]], FOUND],
    ['an opaque directory behind its content', [[app('bin/x')], [shell(), whiteout('bin/.wh..wh..opq')]], FOUND],
    ['an opaque root', [[shell()], [whiteout('.wh..wh..opq'), app()]], []],
    ['an opaque root hides nothing of its own layer', [[app('bin/x')], [whiteout('.wh..wh..opq'), shell()]], FOUND],
    ['a whiteout of a whiteout hides nothing', [[shell()], [whiteout('bin/.wh..wh.x')]], FOUND],
    ['a directory below the name of a whiteout hides nothing', [[shell()], [app('bin/.wh.x/y')]], FOUND],
    ['a whiteout that is hidden itself', [[shell()], [whiteout('bin/.wh.x')], [shell()]], FOUND],
    ['a whiteout of a directory on the way', [[shell('usr/bin/x')], [whiteout('.wh.usr')]], []],
    ['a whiteout in another case', [[shell()], [whiteout('bin/.WH.x')]], FOUND],
    [
      'a whiteout in a directory that is a link',
      [[shell('usr/bin/x'), link('bin', 'usr/bin')], [whiteout('bin/.wh.x')]],
      ['shell bash /bin/x', 'shell bash /usr/bin/x'],
    ],
    ['two entries of one name, the last without a shell', [[shell(), app('bin/x')]], FOUND],
    ['two entries of one name, the last with one', [[app('bin/x'), shell()]], FOUND],
    [
      'a link over a directory, and a file behind it',
      [[app('bin/y')], [link('bin', 'opt'), shell()]],
      ['shell bash /bin/x', 'shell bash /opt/x'],
    ],
    [
      'a link out of the image stays in it',
      [[link('bin', '../../../opt'), shell()]],
      ['shell bash /bin/x', 'shell bash /opt/x'],
    ],
    ['a link to itself, and a file behind it', [[link('bin', 'bin'), shell()]], 'corrupt'],
    ['a directory over a file, and a shell in it', [[app('bin')], [directory('bin'), shell()]], FOUND],
    ['a shell below a file of its own layer', [[app('bin'), shell()]], 'ambiguous'],
    ['a hard link to nothing', [[hardLink('bin/x', 'nowhere'), shell('bin/x')]], FOUND],
    [
      'a hard link to a link',
      [[shell('opt/y'), link('bin/y', '../opt/y'), hardLink('bin/x', 'bin/y')]],
      ['shell bash /bin/x', 'shell bash /bin/y', 'shell bash /opt/y'],
    ],
  ])('%s', (_, layers, expected) => {
    expect(answerFor(...layers)).toEqual(expected);
  });

  test('a layer that is listed twice brings back what was hidden between', () => {
    const brings = layer([shell()]);
    expect(answer(dockerArchive(image([brings, layer([whiteout('bin/.wh.x')]), brings])))).toEqual(FOUND);
  });
});

describe('how layers are packed', () => {
  const unpacked = tar([shell()]);
  const half = Math.floor(unpacked.length / 2);
  /** A gzip member with an extra field, a name, a comment and a checksum of its header (RFC 1952). */
  const decorated = (bytes: Buffer) => {
    const plain = gzipSync(bytes);
    const extra = Buffer.from([4, 0, 0x53, 0x47, 0, 0]);
    return Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16]),
      plain.subarray(4, 10),
      extra,
      Buffer.from('layer.tar\0not a layer\0'),
      plain.subarray(10),
    ]);
  };
  const packings: Record<string, readonly [(bytes: Buffer) => Buffer, string[] | string]> = {
    'gzip in two members': [
      (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))]),
      FOUND,
    ],
    'gzip with an empty member between': [
      (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(''), gzipSync(bytes.subarray(half))]),
      FOUND,
    ],
    'gzip with names and extra fields': [decorated, FOUND],
    'gzip with zeros behind it': [(bytes) => Buffer.concat([gzipSync(bytes), Buffer.alloc(1000)]), FOUND],
    'gzip with something else behind it': [(bytes) => Buffer.concat([gzipSync(bytes), Buffer.from('more')]), 'corrupt'],
    'gzip in gzip': [(bytes) => gzipSync(gzipSync(bytes)), 'truncated'],
    'gzip without its last byte': [(bytes) => gzipSync(bytes).subarray(0, -1), 'truncated'],
    xz: [(bytes) => Buffer.concat([Buffer.from('\xfd7zXZ\0', 'latin1'), bytes]), 'unsupported'],
    bzip2: [(bytes) => Buffer.concat([Buffer.from('BZh9'), bytes]), 'unsupported'],
  };

  test.each(Object.entries(packings))('%s', (_, [pack, expected]) => {
    const built: BuiltLayer = { stored: pack(unpacked), diffId: `sha256:${sha256(unpacked)}` };
    expect(answer(dockerArchive(image([built])))).toEqual(expected);
    expect(answer(archiveOf(ociLayout(image([built]))))).toEqual(expected);
  });

  test('a media type that lies changes nothing', () => {
    const gzip = layer([shell()], gzipSync);
    const plain = layer([shell()]);
    const as = (built: BuiltLayer, type: string) =>
      answer(archiveOf(ociLayout(image([{ ...built, mediaType: `application/vnd.oci.image.layer.v1.tar${type}` }]))));
    expect([as(gzip, ''), as(gzip, '+zstd'), as(plain, '+gzip'), as(plain, '+unheard')]).toEqual([
      FOUND,
      FOUND,
      FOUND,
      FOUND,
    ]);
  });

  const zstd = spawnSync('zstd', ['--version']).status === 0 ? test : test.skip;

  zstd('zstd in two frames, with frames to be skipped before, between and behind (needs zstd)', () => {
    const pack = (input: Buffer) => execFileSync('zstd', ['-c', '-q'], { input });
    const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const stored = [skipped, pack(unpacked.subarray(0, half)), skipped, pack(unpacked.subarray(half)), skipped];
    const built = { stored: Buffer.concat(stored), diffId: `sha256:${sha256(unpacked)}` };
    expect(answer(dockerArchive(image([built])))).toEqual(FOUND);
  });
});

describe('the documents of docker save', () => {
  const clean = image([layer([app()])]);
  const withShell = image([layer([shell()])]);
  const config = `${sha256(withShell.config)}.json`;
  const files: TarMember[] = [
    { name: 'shell/layer.tar', body: withShell.layers[0].stored },
    { name: 'clean/layer.tar', body: clean.layers[0].stored },
    { name: config, body: withShell.config },
  ];
  const answerTo = (manifest: string, more: readonly TarMember[] = []): string[] | string =>
    answer(tar([...files, ...more, { name: 'manifest.json', body: manifest }]));
  const entry = (path: string, name = config) => JSON.stringify([{ Config: name, Layers: [path] }]);

  test('an absolute path is one in the archive', () => {
    expect(answerTo(entry('/shell/layer.tar', `/${config}`))).toEqual(FOUND);
  });

  test('a path that leads upwards is refused', () => {
    expect(answerTo(entry('clean/../shell/layer.tar'))).toBe('ambiguous');
    expect(answerTo(entry('../../etc/passwd'))).toBe('ambiguous');
  });

  test('a layer that is a link to another one is read', () => {
    expect(answerTo(entry('old/layer.tar'), [link('old/layer.tar', '../shell/layer.tar')])).toEqual(FOUND);
    expect(answerTo(entry('old/layer.tar'), [hardLink('old/layer.tar', 'shell/layer.tar')])).toEqual(FOUND);
  });

  test('a layer that is a link to itself, or to nothing, is missing', () => {
    expect(answerTo(entry('old/layer.tar'), [link('old/layer.tar', 'layer.tar')])).toBe('missing');
    expect(answerTo(entry('old/layer.tar'), [link('old/layer.tar', '/etc/passwd')])).toBe('missing');
  });

  test('a layer of another image is refused, for it has another diff id', () => {
    expect(answerTo(entry('clean/layer.tar'))).toBe('digest-mismatch');
  });

  test('the lists of old versions are not gone by', () => {
    const repositories = { name: 'repositories', body: '{"app":{"latest":"shell"}}' };
    expect(answer(tar([...files, repositories]))).toBe('not-an-image');
    expect(answerTo(entry('shell/layer.tar'), [repositories])).toEqual(FOUND);
  });

  test('the manifest of one image, as skopeo writes it into a dir:, is refused with what to write instead', () => {
    const manifest = { name: 'manifest.json', body: '{"schemaVersion":2,"layers":[]}' };
    expect(answer(tar([manifest]))).toBe('corrupt');
    expect(() => withFile(tar([manifest]), (path) => inspectFile(path))).toThrow('as oci: or docker-archive:');
  });

  test.each(['layers', 'LAYERS', 'Layer\u017f'])('"%s", which Go takes for "Layers", is refused', (key) => {
    const manifest = [{ Config: config, Layers: ['clean/layer.tar'], [key]: ['shell/layer.tar'] }];
    expect(answerTo(JSON.stringify(manifest))).toBe('ambiguous');
  });

  test.each([
    ['too few', { rootfs: { type: 'layers', diff_ids: [] } }],
    ['too many', { rootfs: { type: 'layers', diff_ids: [withShell, clean].map(({ layers }) => layers[0].diffId) } }],
    ['none', { rootfs: { type: 'layers' } }],
  ])('a configuration with diff ids that are %s is refused', (_, settings) => {
    expect(answer(dockerArchive(image(withShell.layers, settings)))).toBe('corrupt');
  });

  test.each(['RootFS', 'rootF\u017f'])('a configuration with "%s" beside "rootfs" is refused', (key) => {
    const rootfs = { type: 'layers', diff_ids: [clean.layers[0].diffId] };
    expect(answer(dockerArchive(image(clean.layers, { [key]: rootfs })))).toBe('ambiguous');
  });

  test('labels may be written as one likes', () => {
    const settings = { config: { Labels: { maintainer: 'a', MAINTAINER: 'b', layers: 'c' } } };
    expect(answer(dockerArchive(image(clean.layers, settings)))).toEqual([]);
  });
});

describe('the documents of OCI layouts', () => {
  const INDEX = 'application/vnd.oci.image.index.v1+json';
  const withShell = image([layer([shell()], gzipSync)]);
  const withIndex = (files: Map<string, Buffer>, manifests: readonly object[], more: object = {}) =>
    archiveOf(new Map([...files, ['index.json', Buffer.from(JSON.stringify({ manifests, ...more }))]]));
  const nested = (files: Map<string, Buffer>, inner: object, levels: number): object => {
    if (levels === 0) return inner;
    return nested(files, addBlob(files, INDEX, Buffer.from(JSON.stringify({ manifests: [inner] }))), levels - 1);
  };

  test('an index in an index is read, and one that is nested too deep is refused', () => {
    const answerAt = (levels: number) => {
      const files = ociLayout();
      return answer(withIndex(files, [nested(files, addManifest(files, withShell), levels)]));
    };
    expect([answerAt(3), answerAt(50)]).toEqual([FOUND, 'limit']);
  });

  test('an index that names another one many times is read once', () => {
    const files = ociLayout();
    let inner = addManifest(files, withShell);
    for (let level = 0; level < 6; level++) {
      inner = addBlob(
        files,
        INDEX,
        Buffer.from(JSON.stringify({ manifests: Array.from({ length: 50 }, () => inner) })),
      );
    }
    expect(answer(withIndex(files, [inner]))).toEqual(FOUND);
  });

  test('an index that is called a manifest is read as what it says of itself, or refused', () => {
    const files = ociLayout();
    const inner = { mediaType: INDEX, manifests: [addManifest(files, withShell)] };
    const called = addBlob(files, 'application/vnd.oci.image.manifest.v1+json', Buffer.from(JSON.stringify(inner)));
    expect(answer(withIndex(files, [called]))).toEqual(FOUND);
  });

  test('a manifest with "Layers" beside "layers" is refused, and so is an index with "Manifests"', () => {
    const files = ociLayout(image([layer([app()], gzipSync)]));
    const path = [...files.keys()].find((name) => files.get(name)?.includes('"layers":[{')) as string;
    const manifest = JSON.parse((files.get(path) as Buffer).toString()) as Record<string, unknown>;
    const both = Buffer.from(JSON.stringify({ ...manifest, Layers: manifest.layers }));
    expect(answer(withIndex(files, [addBlob(files, 'application/vnd.oci.image.manifest.v1+json', both)]))).toBe(
      'ambiguous',
    );
    expect(answer(withIndex(files, [], { Manifests: [addManifest(files, withShell)] }))).toBe('ambiguous');
  });

  test('a descriptor whose size lies is refused', () => {
    const files = ociLayout();
    expect(answer(withIndex(files, [{ ...addManifest(files, withShell), size: 7 }]))).toBe('digest-mismatch');
  });

  test('a digest that leads out of the layout is refused', () => {
    const digest = `sha256:../../../${'0'.repeat(55)}`;
    expect(answer(withIndex(ociLayout(), [{ mediaType: INDEX, digest, size: 1 }]))).toBe('corrupt');
  });

  test('a blob of a layout on disk that is a link out of it is refused', () => {
    const root = mkdtempSync(join(tmpdir(), 'layers-test-'));
    try {
      const files = ociLayout(withShell);
      for (const [name, body] of files) {
        mkdirSync(dirname(join(root, 'layout', name)), { recursive: true });
        writeFileSync(join(root, 'layout', name), body);
      }
      const blob = join(root, 'layout', `blobs/sha256/${sha256(withShell.config)}`);
      rmSync(blob);
      writeFileSync(join(root, 'outside'), withShell.config);
      symlinkSync('../../../outside', blob);
      expect(outcome(() => inspectFile(join(root, 'layout')))).toBe('corrupt');
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

test('an archive whose last member lies about its size is refused', () => {
  const archive = dockerArchive(image([layer([shell()])]));
  expect(answer(Buffer.concat([archive.subarray(0, -1024), member({ name: 'x', size: 10_000_000 })]))).toBe(
    'truncated',
  );
});
