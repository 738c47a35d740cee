import type { LayerBlob } from '../image-source';
import { compressionAt } from '../sources/stored-compression';

/** Below this size, in bytes, a layer is read before a thread has started. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** Whether a layer is so large that a second thread is worth being started for it. */
export function isLarge({ sizeBytes = 0 }: LayerBlob): boolean {
  return sizeBytes >= LARGE_BYTES;
}

/** Whether a second thread may be started for a layer, as far as can be told without reading it. */
export function isWorthAThread(blob: LayerBlob): boolean {
  return isLarge(blob) && (blob.range === undefined || compressionAt(blob.range()) !== 'none');
}
