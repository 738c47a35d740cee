import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundTool } from '../../lib/layers/layer-facts';
import { docker } from '../../test/e2e/harness/docker';
import { DOCKER } from '../../test/e2e/harness/docker-daemon';
import { inspectSaved } from '../../test/e2e/harness/inspection';

/** What is in an image. */
export interface ImageContent {
  readonly sizeBytes: number;
  readonly files: number;
  /** Kinds, each once, whatever its names in the image. */
  readonly shells: readonly string[];
  readonly packageManagers: readonly string[];
  /** How many of Debian's packages its database names. */
  readonly packages: number;
}

/** Inspects an image of the daemon by its layers. */
export function contentOf(image: string): ImageContent {
  const { layers, sizeBytes, tools } = inspectSaved(image);
  return {
    sizeBytes,
    files: layers.reduce((sum, layer) => sum + layer.files, 0),
    shells: kindsOf(tools, 'shell'),
    packageManagers: kindsOf(tools, 'package-manager'),
    packages: packagesOf(image),
  };
}

function kindsOf(tools: readonly FoundTool[], category: FoundTool['category']): string[] {
  return [...new Set(tools.filter((tool) => tool.category === category).map(({ kind }) => kind))].sort();
}

/** The database is one file where dpkg keeps it, and a file a package in distroless images. */
function packagesOf(image: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-dpkg-'));
  const container = docker('create', image, 'nothing');
  try {
    const archive = execFileSync(DOCKER, ['cp', `${container}:/var/lib/dpkg`, '-'], { maxBuffer: 2 ** 30 });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    const status = join(folder, 'dpkg/status');
    const single = join(folder, 'dpkg/status.d');
    if (existsSync(status)) return readFileSync(status, 'utf8').match(/^Package: /gm)?.length ?? 0;
    return readdirSync(single).filter((name) => !name.endsWith('.md5sums')).length;
  } finally {
    docker('rm', container);
    rmSync(folder, { recursive: true });
  }
}
