import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockFile } from '../../lib/evidence/lock-file';
import type { LayerFacts } from '../../lib/layers/layer-facts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const NODE = 'gcr.io/distroless/nodejs24-debian13:nonroot';

function facts(platform: string, more: Partial<LayerFacts> = {}): LayerFacts {
  return {
    subject: NODE,
    platform,
    layers: [{ digest: digest('b'), diffId: digest('c'), sizeBytes: 10, files: 2 }],
    tools: [],
    unproven: [],
    user: '65532',
    entrypoint: ['/nodejs/bin/node'],
    cmd: [],
    env: ['PATH=/usr/bin'],
    workdir: '/home/nonroot',
    onbuild: [],
    labels: {},
    sizeBytes: 10,
    ...more,
  };
}

const LOCKED = LockFile.EMPTY.with(NODE, digest('a'), [facts('linux/arm64'), facts('linux/amd64')]);

describe('LockFile', () => {
  test('finds what was locked, also by another spelling of the reference', () => {
    const locked = LockFile.EMPTY.with('alpine', digest('a'), []);
    expect(locked.tryFind('docker.io/library/alpine:latest')?.digest).toBe(digest('a'));
    expect(locked.references).toEqual(['docker.io/library/alpine:latest']);
    expect(locked.tryFind('alpine:3')).toBeUndefined();
    expect(locked.tryFind('constructor')).toBeUndefined();
  });

  test('finds the facts for a platform, also by another name of the platform', () => {
    expect(LOCKED.tryFindFacts(NODE, 'linux/amd64')).toEqual(facts('linux/amd64'));
    expect(LOCKED.tryFindFacts(NODE, 'linux/arm64/v8')?.platform).toBe('linux/arm64');
    expect(LOCKED.tryFindFacts(NODE, 'linux/s390x')).toBeUndefined();
  });

  test('keeps facts from other recognisers to itself, for they may have overlooked something', () => {
    const text = LOCKED.toString().replace(/"recogniser": \d+/, '"recogniser": 0');
    const locked = LockFile.parse(text, 'distroless.lock.json');
    expect(locked.tryFindFacts(NODE, 'linux/amd64')).toBeUndefined();
    expect(locked.tryFind(NODE)?.digest).toBe(digest('a'));
  });

  test('writes the same text whatever the order in which references were locked', () => {
    const one = LockFile.EMPTY.with('b', digest('a'), [facts('linux/amd64')]).with('a', digest('b'), []);
    const other = LockFile.EMPTY.with('a', digest('b'), []).with('b', digest('a'), [facts('linux/amd64')]);
    expect(one.toString()).toBe(other.toString());
    expect(one.only(['a']).references).toEqual(['docker.io/library/a:latest']);
  });

  test('reads what it wrote', () => {
    const text = LOCKED.toString();
    expect(LockFile.parse(text, 'x').toString()).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('is empty where there is no file, and leaves nothing but the file behind', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lock-'));
    const path = join(directory, 'distroless.lock.json');
    expect(LockFile.load(path).references).toEqual([]);
    LOCKED.save(path);
    LOCKED.with('a', digest('a'), []).save(path);
    expect(readdirSync(directory)).toEqual(['distroless.lock.json']);
    expect(LockFile.load(path).toString()).toBe(readFileSync(path, 'utf8'));
    rmSync(directory, { recursive: true });
  });

  const advice = 'restore distroless.lock.json from version control, or delete it and run cdk-distroless lock';
  test.each([
    ['is cut off', LOCKED.toString().slice(0, 400), /:\d+: not JSON: it ends too early; /],
    ['has a merge conflict', `<<<<<<< HEAD\n${LOCKED.toString()}`, /:1: not JSON: /],
    [
      'is of a newer version',
      LOCKED.toString().replace('"schemaVersion": 1', '"schemaVersion": 2'),
      /schemaVersion must be 1/,
    ],
    ['has a member too many', LOCKED.toString().replace('"images"', '"x": 1, "images"'), /has no member "x"/],
    ['has a digest that is none', LOCKED.toString().replaceAll('aaaaaa', 'zzzzzz'), /digest must match pattern/],
    ['lacks facts', LOCKED.toString().replaceAll('"unproven": [],', ''), /must have required property 'unproven'/],
    [
      'names a reference twice',
      LOCKED.toString().replace('"images": {', `"images": {"${NODE}": {},`),
      /is there twice/,
    ],
    ['is a list', '[]', /must be object/],
  ])('fails, with what to do, when it %s', (_, text, reason) => {
    expect(() => LockFile.parse(text, 'app/distroless.lock.json')).toThrow(reason);
    expect(() => LockFile.parse(text, 'app/distroless.lock.json')).toThrow(/^app\/distroless\.lock\.json:\d+: /);
    expect(() => LockFile.parse(text, 'app/distroless.lock.json')).toThrow(advice);
  });
});
