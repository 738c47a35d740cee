import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlatformImage } from '../../../lib/layers/image-source';
import { inspectImage } from '../../../lib/layers/inspect';
import type { LayerFacts } from '../../../lib/layers/layer-facts';
import type { LayerScan, LayerScanCache } from '../../../lib/layers/scan/layer-scan';
import { openImage } from '../../../lib/layers/sources/open-image';
import { DOCKER } from './docker-daemon';
import { environmentFacts } from './facts';

/** Layers that images share are read once for a test file. */
class SharedLayers implements LayerScanCache {
  private readonly scans = new Map<string, LayerScan>();

  public find(diffId: string): LayerScan | undefined {
    return this.scans.get(diffId);
  }

  public keep(scan: LayerScan): void {
    this.scans.set(scan.diffId, scan);
  }
}

const cache = new SharedLayers();

/** Inspects an image of the daemon as `docker save` writes it. */
export function inspectSaved(image: string): LayerFacts {
  const folder = mkdtempSync(join(tmpdir(), 'distroless-e2e-save-'));
  try {
    const archive = join(folder, 'image.tar');
    execFileSync(DOCKER, ['save', '--output', archive, image]);
    return inspectOne(archive, () => true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Inspects a stand-in in the OCI layout, by its full name. */
export function inspectStandIn(reference: string): LayerFacts {
  return inspectOne(environmentFacts().layout, (image) => image.references.includes(reference));
}

function inspectOne(path: string, wanted: (image: PlatformImage) => boolean): LayerFacts {
  const source = openImage(path);
  try {
    const [facts] = inspectImage({ ...source, images: source.images.filter(wanted) }, { cache });
    return facts;
  } finally {
    source.close();
  }
}
