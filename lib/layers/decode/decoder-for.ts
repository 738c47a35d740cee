import { InspectionError } from '../inspection-error';
import type { Compression } from './compression';
import type { Decoder, Emit } from './decoder';
import { gzipDecoder } from './gzip-decoder';
import { zstdDecoder } from './zstd-decoder';

/**
 * What unpacks bytes that are packed like this.
 *
 * @throws InspectionError when nothing does
 */
export function decoderFor(compression: Compression, emit: Emit): Decoder {
  if (compression === 'gzip') return gzipDecoder(emit);
  if (compression === 'zstd') return zstdDecoder(emit);
  if (compression === 'none') return { push: emit, finish: () => undefined };
  throw new InspectionError('unsupported', `packed with ${compression}, which is not read here`);
}
