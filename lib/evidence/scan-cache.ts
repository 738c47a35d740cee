import { join } from 'node:path';
import type { LayerScan, LayerScanCache } from '../layers/scan/layer-scan';
import { EntryStore } from './entry-store';

/**
 * Keeps what was seen in a layer, by its diff id and the version of the recognisers: a base that was scanned once is never scanned again.
 */
export class ScanCache implements LayerScanCache {
  private readonly store: EntryStore<LayerScan>;

  /** @param directory the cache directory of the package */
  public constructor(directory: string) {
    this.store = new EntryStore(join(directory, 'layers'));
  }

  public find(diffId: string, recogniserVersion: number): LayerScan | undefined {
    const scan = this.store.get(entryName(diffId, recogniserVersion));
    return scan?.diffId === diffId && scan.recogniserVersion === recogniserVersion ? scan : undefined;
  }

  public keep(scan: LayerScan): void {
    if (scan.verified) this.store.set(entryName(scan.diffId, scan.recogniserVersion), scan);
  }
}

function entryName(diffId: string, recogniserVersion: number): string {
  return `${diffId.replace(/^sha256:/, '').replaceAll(':', '-')}-v${recogniserVersion}`;
}
