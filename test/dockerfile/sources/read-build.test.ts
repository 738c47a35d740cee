import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { analyseDockerfile } from '../../../lib/dockerfile/analyse';
import { openDiskContext } from '../../../lib/dockerfile/sources/disk-context';
import { readBuild } from '../../../lib/dockerfile/sources/read-build';
import type { BuildOnDisk } from '../../../lib/dockerfile/sources/read-build';
import { BUSYBOX } from '../memory-context';

const COPY_ALL = 'FROM scratch\nCOPY . /\n';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'read-build-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

function toolsIn(build: Partial<BuildOnDisk> = {}): string[] {
  const { introductions } = analyseDockerfile(readBuild({ directory: join(root, 'app'), ...build }));
  return introductions.flatMap(({ tools }) => tools.map(({ path }) => path));
}

describe('a build that is read from disk', () => {
  test('has the files of its context looked at', () => {
    write({ 'app/Dockerfile': COPY_ALL, 'app/x/innocent': BUSYBOX });
    expect(toolsIn()).toEqual(['/x/innocent']);
  });

  test('leaves out what its ignore file leaves out', () => {
    write({ 'app/Dockerfile': COPY_ALL, 'app/x/innocent': BUSYBOX, 'app/.dockerignore': '**/innocent' });
    expect(toolsIn()).toEqual([]);
  });

  test('prefers the ignore file that is named after the Dockerfile', () => {
    write({ 'app/Dockerfile': COPY_ALL, 'app/x/innocent': BUSYBOX });
    write({ 'app/.dockerignore': 'x', 'app/Dockerfile.dockerignore': 'y' });
    expect(toolsIn()).toEqual(['/x/innocent']);
  });

  test('has all its files where the ignore file cannot be read, and says so', () => {
    write({ 'app/Dockerfile': COPY_ALL, 'app/innocent': BUSYBOX, 'app/.dockerignore': '*\n[' });
    const request = readBuild({ directory: join(root, 'app') });
    expect(request.disturbances).toEqual([expect.stringContaining('syntax error in pattern')]);
    expect(request.context?.stat('innocent')).toBeDefined();
  });

  test('finds a Dockerfile in lower case', () => {
    write({ 'app/dockerfile': 'FROM scratch' });
    expect(readBuild({ directory: join(root, 'app') }).text).toBe('FROM scratch');
  });

  test('fails without a Dockerfile', () => {
    write({ 'app/x': '' });
    expect(() => readBuild({ directory: join(root, 'app') })).toThrow(/there is no Dockerfile at .*Dockerfile/);
    expect(() => readBuild({ directory: join(root, 'app'), dockerfile: 'Other' })).toThrow(/Other/);
  });

  test('opens named contexts with ignore files of their own', () => {
    write({ 'app/Dockerfile': 'FROM scratch\nCOPY --from=extra / /', 'extra/a': BUSYBOX, 'extra/b': BUSYBOX });
    write({ 'extra/.dockerignore': 'b' });
    expect(toolsIn({ buildContexts: { extra: '../extra' } })).toEqual(['/a']);
  });

  test.each([
    [{ EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: 'p.json' }, /SOURCE_POLICY/],
    [{ BUILDKIT_SYNTAX: 'evil' }, /BUILDKIT_SYNTAX/],
    [{ DOCKER_BUILDKIT: '0' }, /classic builder/],
    [{ CDK_DOCKER: '/usr/bin/podman' }, /podman/],
  ])('is disturbed by %j', (environment, message) => {
    write({ 'app/Dockerfile': 'FROM scratch' });
    expect(readBuild({ directory: join(root, 'app'), environment }).disturbances).toEqual([
      expect.stringMatching(message),
    ]);
  });

  test('is not disturbed by the ordinary', () => {
    write({ 'app/Dockerfile': 'FROM scratch' });
    const environment = { DOCKER_BUILDKIT: '1', CDK_DOCKER: 'finch', DOCKER_DEFAULT_PLATFORM: 'linux/arm64' };
    const request = readBuild({ directory: join(root, 'app'), environment });
    expect(request).toMatchObject({ disturbances: [], platform: 'linux/arm64' });
  });

  test('is disturbed by a policy beside the Dockerfile', () => {
    write({ 'app/Dockerfile': 'FROM scratch', 'app/Dockerfile.rego': '' });
    expect(readBuild({ directory: join(root, 'app') }).disturbances).toEqual([expect.stringContaining('.rego')]);
  });
});

describe('a context on disk', () => {
  test('shows links and follows none of them', () => {
    write({ 'app/a/file': 'x', 'secret/file': 'y' });
    symlinkSync('../secret', join(root, 'app/out'));
    const context = openDiskContext(join(root, 'app'));
    expect(context.list('')).toEqual(['a', 'out']);
    expect(context.stat('out')).toMatchObject({ type: 'symlink', target: '../secret' });
    expect(context.stat('out/file')).toBeUndefined();
    expect(context.list('out')).toBeUndefined();
    expect(() => context.read('out/file', () => true)).toThrow();
    expect(() => context.read('out', () => true)).toThrow();
  });

  test('is not left by a copy through a link', () => {
    write({ 'app/Dockerfile': 'FROM scratch\nCOPY out/innocent /x', 'secret/innocent': BUSYBOX });
    symlinkSync('../secret', join(root, 'app/out'));
    expect(toolsIn()).toEqual([]);
  });

  test('reads a file in pieces until enough is read', () => {
    write({ 'app/file': Buffer.alloc(600_000, 1) });
    const sizes: number[] = [];
    openDiskContext(join(root, 'app')).read('file', (chunk) => sizes.push(chunk.length) < 2);
    expect(sizes).toEqual([262_144, 262_144]);
  });

  test('fails on what is no directory', () => {
    write({ file: '' });
    expect(() => openDiskContext(join(root, 'file'))).toThrow(/is not a directory/);
  });
});
