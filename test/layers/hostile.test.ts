import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inspectImage } from '../../lib/layers/inspect';
import { InspectionError } from '../../lib/layers/inspection-error';
import { openImageStream } from '../../lib/layers/sources/open-image';
import {
  addBlob,
  addManifest,
  archiveOf,
  dockerArchive,
  found,
  image,
  inspectArchive,
  inspectFile,
  layer,
  ociLayout,
  sha256,
  withFile,
  type BuiltLayer,
} from './fixtures/image-builder';
import { outcome } from './fixtures/outcome';
import { APP, SHELL } from './fixtures/programs';
import { gnuLong, member, tar, type TarMember } from './fixtures/tar-builder';

function codeOf(inspect: () => unknown): string {
  try {
    inspect();
    return 'read';
  } catch (error) {
    if (InspectionError.isInspectionError(error)) return error.code;
    throw error;
  }
}

const inspectOne = (built: BuiltLayer) => inspectArchive(dockerArchive(image([built])));

describe('archive bombs', () => {
  /** One member of zeros, packed; concatenated members unpack to as much as one likes. */
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const bomb = (packed: Buffer, times: number): BuiltLayer => ({
    stored: Buffer.concat(Array.from({ length: times }, () => packed)),
    diffId: `sha256:${'0'.repeat(64)}`,
  });
  const start = member({ name: 'zeros', size: '77777777777\0' });

  test('a terabyte of zeros in gzip ends early', () => {
    const layer = bomb(gzipSync(zeros), 16_384);
    expect(codeOf(() => inspectOne({ ...layer, stored: Buffer.concat([gzipSync(start), layer.stored]) }))).toBe(
      'limit',
    );
  });

  const zstd = spawnSync('zstd', ['--version']).status === 0 ? test : test.skip;

  zstd('a terabyte of zeros in zstd ends early (needs zstd)', () => {
    const pack = (input: Buffer) => execFileSync('zstd', ['-c', '-q', '-19'], { input, maxBuffer: 1e9 });
    const layer = bomb(pack(zeros), 16_384);
    expect(codeOf(() => inspectOne({ ...layer, stored: Buffer.concat([pack(start), layer.stored]) }))).toBe('limit');
  });

  test('a packed archive of zeros ends early', () => {
    const packed = gzipSync(zeros);
    const archive = Buffer.concat([gzipSync(start), ...Array.from({ length: 1024 }, () => packed)]);
    expect(codeOf(() => inspectArchive(archive))).toBe('limit');
  });
});

describe('too much of anything', () => {
  test('a million entries are read', () => {
    const block = member({ name: 'abcdefgh' });
    const members = Buffer.alloc(block.length * 1_000_000, block);
    const built = layer(Buffer.concat([members, Buffer.alloc(1024)]), gzipSync);
    expect(inspectOne(built).layers[0].files).toBe(1_000_000);
  });

  test('more entries than the limit are refused', () => {
    const archive = dockerArchive(image([layer([{ name: 'a' }, { name: 'b' }, { name: 'c' }])]));
    expect(codeOf(() => inspectArchive(archive, { limits: { entries: 2 } }))).toBe('limit');
  });

  // A layer of a few megabytes may have a hundred thousand names of 8 KiB.
  const long = (name: string) => `${name}${'long'.repeat(2000)}/${name}`;
  const deep = (name: string) => `${name}/${'d/'.repeat(4000)}${name}`;

  test.each<[string, TarMember]>([
    ['files', { name: 'x' }],
    ['programs', { name: 'x', body: APP }],
    ['links', { name: 'x', type: '2', target: 'y' }],
    ['whiteouts', { name: '.wh.x' }],
  ])('names of %s that are too long together are refused', (_, kind) => {
    const members = (count: number) =>
      Array.from({ length: count }, (_member, i) => [gnuLong('L', long(`${i}`) + kind.name), kind]).flat();
    const read = (count: number) => () => inspectOne(layer(members(count), gzipSync));
    expect(codeOf(read(100))).toBe('read');
    expect(codeOf(read(4500))).toBe('limit');
  });

  test('programs in too many directories are refused', () => {
    const read = (count: number) => () =>
      inspectOne(
        layer(Array.from({ length: count }, (_, i) => [gnuLong('L', deep(`${i}`)), { name: 'x', body: APP }]).flat()),
      );
    expect(codeOf(read(37))).toBe('read');
    expect(codeOf(read(38))).toBe('limit');
  });

  test('40,000 links to directories beside 40,000 names of a shell are told in little time', () => {
    const members = Array.from({ length: 40_000 }, (_, i): TarMember[] => [
      { name: `a/${i}`, type: '2', target: '/lib' },
      { name: `b/${i}/sh`, type: '1', target: 'x' },
    ]);
    const facts = inspectOne(
      layer([{ name: 'x', body: SHELL }, { name: 'lib/x', body: APP }, ...members.flat()], gzipSync),
    );
    expect(facts.tools).toHaveLength(40_001);
  });

  test('an image that is listed a hundred thousand times is inspected once', () => {
    const entry = { Config: 'c.json', Layers: [] };
    const config = JSON.stringify({ rootfs: { diff_ids: [] } });
    const archive = (entries: unknown[]) =>
      tar([
        { name: 'manifest.json', body: JSON.stringify(entries) },
        { name: 'c.json', body: config },
      ]);
    const inspected = (archive: Buffer) => withFile(archive, (path) => inspectFile(path));
    expect(inspected(archive([entry, entry, entry]))).toHaveLength(1);
    expect(codeOf(() => inspected(archive(Array.from({ length: 100_000 }, () => entry))))).toBe('limit');
  });

  test('configurations that are too large together are refused', () => {
    const config = `${JSON.stringify({ rootfs: { diff_ids: [] } })}${' '.repeat(8_000_000)}`;
    const archive = (count: number) => {
      const names = Array.from({ length: count }, (_, i) => `${i}.json`);
      const manifest = JSON.stringify(names.map((name) => ({ Config: name, Layers: [] })));
      const links = names.map((name): TarMember => ({ name, type: '2', target: 'config' }));
      return tar([{ name: 'manifest.json', body: manifest }, { name: 'config', body: config }, ...links]);
    };
    const read = (count: number) => () => withFile(archive(count), (path) => inspectFile(path));
    expect(codeOf(read(8))).toBe('read');
    expect(codeOf(read(9))).toBe('limit');
  });

  test('what images unpack to counts together', () => {
    const built = layer([{ name: 'zeros', body: Buffer.alloc(1_000_000) }], gzipSync);
    const archive = (count: number) =>
      dockerArchive(...Array.from({ length: count }, (_, i) => image([built], { author: `${i}` })));
    const limits = { unquestionedBytes: 2_500_000 };
    const read = (count: number) => () => inspectArchive(archive(count), { limits });
    expect(codeOf(read(2))).toBe('read');
    expect(codeOf(read(3))).toBe('limit');
  });

  test('100,000 links in a chain are read, and those near its end are names', () => {
    const links = Array.from({ length: 100_000 }, (_, i): TarMember => ({
      name: `l${i}`,
      type: '2',
      target: `l${i + 1}`,
    }));
    const facts = inspectOne(layer([...links, { name: 'l100000', body: SHELL }], gzipSync));
    expect(found(facts)).toContain('shell bash /l100000');
  });

  test('100,000 links in a loop are read', () => {
    const links = Array.from({ length: 100_000 }, (_, i): TarMember => {
      return { name: `l${i}`, type: '2', target: `l${(i + 1) % 100_000}` };
    });
    expect(found(inspectOne(layer([...links, { name: 'x', body: SHELL }], gzipSync)))).toEqual(['shell bash /x']);
  });

  test('links that make each other longer are given up', () => {
    const target = (i: number) => (i === 0 ? 'd' : `l${i - 1}/l${i - 1}`);
    const links = Array.from({ length: 60 }, (_, i): TarMember => ({ name: `l${i}`, type: '2', target: target(i) }));
    expect(found(inspectOne(layer([...links, { name: 'x', body: SHELL }])))).toEqual(['shell bash /x']);
    const archive = dockerArchive(image([layer(links)]));
    expect(codeOf(() => inspectArchive(archive, { limits: { steps: 100 } }))).toBe('limit');
  });

  test('600 layers are refused', () => {
    const empty = layer([]);
    expect(codeOf(() => inspectArchive(dockerArchive(image(Array.from({ length: 600 }, () => empty)))))).toBe('limit');
  });

  test('JSON of 1 GB is refused unread', () => {
    const directory = mkdtempSync(join(tmpdir(), 'layers-test-'));
    try {
      const path = join(directory, 'image.tar');
      const size = 2 ** 30;
      writeFileSync(path, member({ name: 'manifest.json', size }).subarray(0, 512));
      truncateSync(path, 512 + size + 1024);
      expect(codeOf(() => inspectFile(path))).toBe('limit');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('what is not what it says', () => {
  const built = layer([{ name: 'app', body: APP }], gzipSync);

  test('a wrong diff id is refused', () => {
    const diffId = `sha256:${'0'.repeat(64)}`;
    expect(codeOf(() => inspectOne({ ...built, diffId }))).toBe('digest-mismatch');
  });

  test.each(['config', 'layer', 'manifest'])('a blob that does not have its digest is refused: the %s', (what) => {
    const files = ociLayout(image([built]));
    const name = [...files.keys()].find((path) => {
      const text = files.get(path)?.toString('latin1') ?? '';
      const kinds = { config: '"rootfs"', layer: '\x1f\x8b', manifest: '"layers"' };
      return (
        path.startsWith('blobs/') &&
        text.includes(kinds[what as 'config']) &&
        (what !== 'config' || !text.includes('"layers":['))
      );
    }) as string;
    files.set(name, Buffer.concat([files.get(name) as Buffer, Buffer.from(' ')]));
    expect(['digest-mismatch', 'ambiguous', 'corrupt', 'truncated']).toContain(
      codeOf(() => inspectArchive(archiveOf(files))),
    );
  });

  test('a configuration that names more layers than there are is refused', () => {
    const { layers, config } = image([built, built]);
    expect(codeOf(() => inspectArchive(dockerArchive({ layers: layers.slice(1), config })))).toBe('corrupt');
  });

  test('a manifest that is an index too is refused', () => {
    const files = ociLayout();
    const both = addBlob(
      files,
      'application/vnd.oci.image.manifest.v1+json',
      Buffer.from('{"manifests":[],"layers":[]}'),
    );
    files.set('index.json', Buffer.from(JSON.stringify({ manifests: [both] })));
    expect(codeOf(() => inspectArchive(archiveOf(files)))).toBe('ambiguous');
  });

  test('an image that only one of the two lists names is inspected too', () => {
    const files = ociLayout(image([layer([{ name: 'x', body: SHELL }])]));
    const docker = dockerArchive(image([built])).subarray(0, -1024);
    const archive = Buffer.concat([docker, archiveOf(files)]);
    expect(withFile(archive, (path) => inspectFile(path).map(found))).toEqual([[], ['shell bash /x']]);
  });

  test('an image is not taken for another that has its configuration, but other layers', () => {
    const run = image([layer([{ name: 'x', body: SHELL }])]);
    const shown = layer([{ name: 'app', body: Buffer.alloc(5_000_000) }]);
    const docker = dockerArchive({ ...run, layers: [shown] }).subarray(0, -1024);
    const archive = Buffer.concat([docker, archiveOf(ociLayout(run))]);
    expect(withFile(archive, (path) => inspectFile(path).map(found))).toEqual([[], ['shell bash /x']]);
  });

  test('two members of one name in the archive are refused', () => {
    const archive = Buffer.concat([member({ name: 'manifest.json', body: '[]' }), dockerArchive(image([built]))]);
    expect(codeOf(() => inspectArchive(archive))).toBe('ambiguous');
  });

  test('Windows images are not vouched for', () => {
    const facts = inspectArchive(dockerArchive(image([built], { os: 'windows' })));
    expect(facts.unproven).toEqual([{ reason: 'Windows images are not inspected' }]);
  });

  test('a PATH with /busybox where nothing was found is not vouched for', () => {
    const config = { Env: ['PATH=/usr/bin:/busybox'] };
    expect(inspectArchive(dockerArchive(image([built], { config }))).unproven).toHaveLength(1);
  });

  test('every platform of an index is inspected, and attestations are not', () => {
    const files = ociLayout();
    const clean = addManifest(files, image([built]), { platform: { os: 'linux', architecture: 'amd64' } });
    const shell = addManifest(files, image([layer([{ name: 'x', body: SHELL }])], { architecture: 'arm64' }));
    const statement = { ...layer(Buffer.from('{}')), mediaType: 'application/vnd.in-toto+json' };
    const attestation = addManifest(files, image([statement]), {
      platform: { os: 'unknown', architecture: 'unknown' },
    });
    const index = { manifests: [clean, shell, attestation] };
    const nested = addBlob(files, 'application/vnd.oci.image.index.v1+json', Buffer.from(JSON.stringify(index)));
    files.set('index.json', Buffer.from(JSON.stringify({ manifests: [nested] })));
    const directory = mkdtempSync(join(tmpdir(), 'layers-test-'));
    try {
      writeFileSync(join(directory, 'image.tar'), archiveOf(files));
      const facts = inspectFile(join(directory, 'image.tar'));
      expect(facts.map(({ platform, tools }) => [platform, tools.length])).toEqual([
        ['linux/amd64', 0],
        ['linux/arm64', 1],
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('what is only called an attestation is inspected', () => {
    const files = ociLayout();
    const shell = { ...layer([{ name: 'x', body: SHELL }]), mediaType: 'application/vnd.in-toto+json' };
    const platforms = [
      { os: 'unknown', architecture: 'unknown' },
      { os: 'linux', architecture: 'amd64' },
    ];
    const index = { manifests: platforms.map((platform) => addManifest(files, image([shell]), { platform })) };
    files.set('index.json', Buffer.from(JSON.stringify(index)));
    expect(found(inspectArchive(archiveOf(files)))).toEqual(['shell bash /x']);
  });

  test.each([
    ['application/octet-stream', ['shell bash /x']],
    ['', ['shell bash /x']],
    ['application/vnd.cncf.helm.config.v1+json', 'not-an-image'],
  ])('a manifest whose configuration is called %j is inspected when a runtime would take it', (mediaType, expected) => {
    const files = ociLayout();
    const { layers, config } = image([layer([{ name: 'x', body: SHELL }])]);
    const manifest = {
      config: addBlob(files, mediaType, config),
      layers: [addBlob(files, 'application/vnd.oci.image.layer.v1.tar', layers[0].stored)],
    };
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const index = { manifests: [addBlob(files, type, Buffer.from(JSON.stringify(manifest)))] };
    files.set('index.json', Buffer.from(JSON.stringify(index)));
    const facts = outcome(() => [inspectArchive(archiveOf(files))]);
    expect(typeof facts === 'string' ? facts : facts.flatMap(found)).toEqual(expected);
  });

  test('an archive that can be read only once is read', () => {
    const directory = mkdtempSync(join(tmpdir(), 'layers-test-'));
    try {
      const path = join(directory, 'image.tar');
      writeFileSync(path, gzipSync(dockerArchive(image([layer([{ name: 'x', body: SHELL }])]))));
      const fd = openSync(path, 'r');
      const source = openImageStream(fd, 'standard input');
      closeSync(fd);
      expect(inspectImage(source).map(found)).toEqual([['shell bash /x']]);
      source.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('fuzzing', () => {
  /** Numbers that look like chance, and are the same in every run (minimal standard generator). */
  function* chance(seed: number): Generator<number> {
    for (let state = seed; ;) yield (state = (state * 48_271) % 0x7fffffff);
  }

  const shells = [
    { name: 'bin/x', body: SHELL },
    { name: 'l', type: '2', target: 'bin/x' },
  ];
  const archives: Record<string, Buffer> = {
    'docker save': dockerArchive(image([layer(shells)])),
    'docker save with gzip': dockerArchive(image([layer(shells, gzipSync)])),
    'an OCI archive': archiveOf(ociLayout(image([layer(shells, gzipSync)]))),
    'an unpacked OCI archive': archiveOf(ociLayout(image([layer(shells)]))),
  };

  /** Whatever happens to an archive, a shell in it is found, or the archive refused. Where its very name is hit, it may be another. */
  function judge(archive: Buffer): void {
    const outcome = codeOf(() => {
      const facts = inspectArchive(archive, { readEverything: true });
      if (facts.tools.length === 0 && facts.unproven.length === 0) throw new Error('a damaged archive passes as clean');
    });
    expect(outcome).toMatch(
      /^(read|not-an-image|missing|truncated|corrupt|ambiguous|digest-mismatch|unsupported|limit)$/,
    );
  }

  describe.each(Object.entries(archives))('%s', (_, archive) => {
    test('with flipped bits', () => {
      const numbers = chance(archive.length);
      for (let run = 0; run < 150; run++) {
        const copy = Buffer.from(archive);
        for (let flips = 1 + (run % 4); flips > 0; flips--) {
          copy[(numbers.next().value as number) % copy.length] ^= 1 << ((numbers.next().value as number) % 8);
        }
        judge(copy);
      }
    });

    test('cut short', () => {
      for (let end = 1; end < archive.length; end += Math.ceil(archive.length / 100)) judge(archive.subarray(0, end));
    });

    test('with parts moved about', () => {
      const numbers = chance(archive.length + 1);
      const pick = () => Math.floor(((numbers.next().value as number) % archive.length) / 512) * 512;
      for (let run = 0; run < 100; run++) {
        const [from, to, at] = [pick(), pick(), pick()];
        judge(
          Buffer.concat([
            archive.subarray(0, at),
            archive.subarray(Math.min(from, to), Math.max(from, to)),
            archive.subarray(at),
          ]),
        );
      }
    });
  });
});

test('the digest of the fixtures is that of the bytes', () => {
  expect(layer(tar([])).diffId).toBe(`sha256:${sha256(tar([]))}`);
});
