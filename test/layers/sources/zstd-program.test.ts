import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as ts from 'typescript';

const ROOT = resolve(__dirname, '../../..');
const HAS_ZSTD = spawnSync('zstd', ['--version']).status === 0;

/** Reads a layer of random names and bytes, damaged in all ways, and prints what is said of each. */
const SCRIPT = `
const { createHash } = require('node:crypto');
const { openSync, readFileSync, writeFileSync } = require('node:fs');
const { scanBlob } = require('./lib/scan/scan-blob.js');
const { DEFAULT_LIMITS } = require('./lib/limits.js');
const tar = readFileSync('layer.tar');
const packed = readFileSync('layer.tar.zst');
const inFile = process.argv[2] === 'in a file';
const sha256 = (bytes) => 'sha256:' + createHash('sha256').update(bytes).digest('hex');
const flipped = (at) => { const copy = Buffer.from(packed); copy[at] ^= 16; return copy; };
const cases = {
  whole: packed,
  truncated: packed.subarray(0, -5),
  damaged: flipped(packed.length >> 1),
  checksum: flipped(packed.length - 1),
  trailing: Buffer.concat([packed, Buffer.from('garbage')]),
  twice: Buffer.concat([packed, packed]),
};
function answer(stored, diffId) {
  const budget = { entries: 0, remembered: 0, packedBytes: 0, unpackedBytes: 0 };
  const read = (into) => { for (let at = 0; at < stored.length; at += 100000) into.push(stored.subarray(at, at + 100000)); };
  const blob = { digest: sha256(stored), sizeBytes: 10_000_000, read, ...(inFile && { open: () => openFile(stored) }) };
  try {
    const { files } = scanBlob(blob, { diffId, limits: DEFAULT_LIMITS, budget, readEverything: false });
    return [files, budget];
  } catch (error) {
    return error.message;
  }
}
function openFile(stored) {
  writeFileSync('stored', stored);
  return openSync('stored', 'r');
}
const answers = Object.entries(cases).map(([name, stored]) => [name, answer(stored, sha256(tar))]);
answers.push(['wrong diff id', answer(packed, sha256(''))]);
process.stdout.write(JSON.stringify(answers));
`;

/** The second thread runs what is published, so this is compiled first. */
function compileLayers(directory: string): void {
  const from = join(ROOT, 'lib/layers');
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
    const out = join(directory, 'lib', path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, ts.transpileModule(readFileSync(join(from, path), 'utf8'), { compilerOptions }).outputText);
  }
  writeFileSync(join(directory, 'script.js'), SCRIPT);
}

(HAS_ZSTD ? describe : describe.skip)('the program zstd (needs it)', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'zstd-program-'));
    compileLayers(directory);
    mkdirSync(join(directory, 'files'));
    for (let i = 0; i < 200; i++) writeFileSync(join(directory, 'files', `f${i}`), Buffer.alloc(5000 * (i % 7), i));
    // The same bytes in every run, so that what is damaged is the same.
    execFileSync('tar', ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '-cf', 'layer.tar', 'files'], {
      cwd: directory,
    });
    execFileSync('zstd', ['-q', '--check', 'layer.tar'], { cwd: directory });
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  const answers = (how: string, path = process.env.PATH): string =>
    execFileSync(process.execPath, ['script.js', how], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: path, NODE_PATH: join(ROOT, 'node_modules') },
    });

  test.each(['in a file', 'in pieces'])(
    'makes no difference to what is said of a layer %s, whole or damaged',
    (how) => {
      const withProgram = answers(how);
      expect(withProgram).toBe(answers(how, '/nowhere'));
      expect(JSON.parse(withProgram)).toEqual([
        ['whole', [200, expect.objectContaining({ entries: 201 })]],
        ['truncated', expect.stringContaining('unexpected end of file')],
        ['damaged', expect.stringMatching(/damaged stream|tar header with/)],
        ['checksum', expect.stringContaining('damaged stream')],
        ['trailing', expect.stringContaining('damaged stream')],
        ['twice', expect.stringContaining('goes on behind its end')],
        ['wrong diff id', expect.stringContaining('the unpacked layer has digest')],
      ]);
    },
  );
});
