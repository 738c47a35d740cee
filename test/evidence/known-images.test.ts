import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetEvidence } from '../../lib/evidence/asset-evidence';
import { KnownImages } from '../../lib/evidence/known-images';
import { LockFile } from '../../lib/evidence/lock-file';
import type { ImageOrigin } from '../../lib/policy/image-use';
import { dockerArchive, found, image, inspectArchive, layer } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';

const INDEX = `sha256:${'a'.repeat(64)}`;
const MANIFEST = `sha256:${'b'.repeat(64)}`;
const HASH = 'ab'.repeat(32);

const shelled = image([layer([{ name: 'opt/x', body: SHELL }])], { architecture: 'arm64' });
const clean = image([layer([{ name: 'app', body: APP }])]);
const CLEAN = { ...inspectArchive(dockerArchive(clean)), digest: MANIFEST };
const SHELLED = inspectArchive(dockerArchive(shelled));

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'known-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function known(): KnownImages {
  const lock = LockFile.EMPTY.with('registry.example/app:1', INDEX, [CLEAN, SHELLED]);
  return new KnownImages(lock, { CDK_DISTROLESS_CACHE: directory });
}

const reference = (text: string): ImageOrigin => ({ kind: 'reference', reference: text });

describe('KnownImages', () => {
  test('knows a locked digest, whatever the name, by its worst platform', () => {
    const facts = known().layersOf(reference(`mirror.example/app@${INDEX}`));
    expect(facts && found(facts)).toEqual(['shell bash /opt/x']);
    expect(facts?.platform).toBe('');
    expect(known().layersOf(reference(`registry.example/app:1@${MANIFEST}`))).toMatchObject({
      platform: 'linux/amd64',
      tools: [],
    });
  });

  test('does not take a tag for what it stood for when it was locked', () => {
    expect(known().layersOf(reference('registry.example/app:1'))).toBeUndefined();
    expect(known().layersOf({ kind: 'opaque', reason: 'a parameter' })).toBeUndefined();
  });

  test('reads tarballs', () => {
    const path = join(directory, 'app.tar');
    writeFileSync(path, dockerArchive(clean, shelled));
    const facts = known().layersOf({ kind: 'tarball', path, assetId: HASH });
    expect(facts && found(facts)).toEqual(['shell bash /opt/x']);
  });

  test('says why nothing is known of a tarball that cannot be read', () => {
    const facts = known().layersOf({ kind: 'tarball', path: join(directory, 'none.tar'), assetId: HASH });
    expect(facts?.unproven).toEqual([{ reason: expect.stringContaining('cannot be read: ') }]);
  });

  test('knows assets that were inspected, for their platform', () => {
    const origin = {
      kind: 'dockerfile',
      assetId: HASH,
      directory,
      dockerfile: 'Dockerfile',
      displayPath: 'x',
    } as const;
    new AssetEvidence(directory).keep(origin, [CLEAN]);
    expect(known().layersOf(origin)).toEqual(CLEAN);
    const forArm = { ...origin, platform: 'linux/arm64' };
    new AssetEvidence(directory).keep(forArm, [CLEAN]);
    expect(known().layersOf(forArm)).toBeUndefined();
  });
});
