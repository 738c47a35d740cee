import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FactsOfOrigins } from '../../lib/assembly/facts-of-origin';
import { LOCK_FILE_NAME, LockFile } from '../../lib/evidence/lock-file';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import type { DockerfileOrigin } from '../../lib/policy/image-use';
import { Policy } from '../../lib/policy/policy';
import { layersOf } from '../policy/samples';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const BASE = 'gcr.io/distroless/static-debian13:nonroot';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'locked-facts-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function lock(reference: string, ...facts: LayerFacts[]): void {
  LockFile.EMPTY.with(reference, DIGEST, facts).save(join(directory, LOCK_FILE_NAME));
}

function factsOf(dockerfile: string, policy = Policy.DEFAULT) {
  writeFileSync(join(directory, 'Dockerfile'), dockerfile);
  const origin: DockerfileOrigin = {
    kind: 'dockerfile',
    assetId: 'a',
    directory,
    dockerfile: 'Dockerfile',
    displayPath: 'Dockerfile',
  };
  return new FactsOfOrigins(policy, { lockDirectory: directory, environment: {} }).of(origin);
}

describe('facts with a lock file', () => {
  test('know the layers of a base that is pinned to the digest it was locked to', () => {
    lock(BASE, layersOf({ user: '65532' }));
    expect(factsOf(`FROM ${BASE}@${DIGEST}\n`).base).toMatchObject({ inspected: true, verdict: { kind: 'unproven' } });
    expect(factsOf(`FROM gcr.io/distroless/static-debian13@${DIGEST}\n`).base?.inspected).toBe(true);
  });

  test('know nothing of another digest, or of another image with the digest', () => {
    lock(BASE, layersOf());
    expect(factsOf(`FROM ${BASE}@sha256:${'cd'.repeat(32)}\n`).base?.inspected).toBeUndefined();
    expect(factsOf(`FROM gcr.io/distroless/cc-debian13:nonroot@${DIGEST}\n`).base?.inspected).toBeUndefined();
  });

  test('know the layers of an image that is run as it is, the worst of its platforms', () => {
    const tools = [{ category: 'shell', kind: 'bash', path: '/bin/bash', by: 'path', trace: [] }] as const;
    lock('registry.example.com/app:1', layersOf(), layersOf({ platform: 'linux/arm64', tools }));
    const facts = new FactsOfOrigins(Policy.DEFAULT, { lockDirectory: directory });
    expect(facts.of({ kind: 'reference', reference: 'registry.example.com/app:1' })).toMatchObject({
      proof: 'layers',
      shells: [{ path: '/bin/bash' }],
      platform: undefined,
    });
    expect(facts.of({ kind: 'reference', reference: 'registry.example.com/app:2' }).proof).toBe('reference');
  });

  test('say that a damaged lock file proves nothing', () => {
    writeFileSync(join(directory, LOCK_FILE_NAME), '{ "schemaVersion": 1,');
    expect(factsOf(`FROM ${BASE}\n`)).toMatchObject({
      proof: 'nothing',
      unproven: [{ reason: expect.stringContaining(LOCK_FILE_NAME) }],
    });
    const facts = new FactsOfOrigins(Policy.DEFAULT, { lockDirectory: directory });
    expect(facts.of({ kind: 'reference', reference: 'registry.example.com/app:1' }).proof).toBe('nothing');
  });

  test('know what a mirror holds that a file is copied from', () => {
    const policy = Policy.from({ mirrors: { 'docker.io': 'registry.example.com/hub' } });
    const dockerfile = `FROM ${BASE}\nCOPY --from=registry.example.com/hub/library/busybox:1.37 / /tools\n`;
    expect(factsOf(dockerfile, policy).shells).not.toEqual([]);
  });
});
