import { InspectionError } from '../inspection-error';
import type { Compression } from './compression';
import type { Decoder, Emit, Room } from './decoder';
import { gzipDecoder } from './gzip-decoder';
import type * as zstdDecoderFile from './zstd-decoder';

/**
 * What unpacks bytes that are packed like this.
 *
 * @param room where to unpack to; without it, the decoder has memory of its own
 * @param check takes what is stored behind unpacked bytes to check them by; without it, the decoder checks them
 * @throws InspectionError when nothing does
 */
export function decoderFor(compression: Compression, emit: Emit, room?: Room, check?: Emit): Decoder {
  if (compression === 'gzip') return gzipDecoder(emit, room, check);
  if (compression === 'zstd') return ofZstd().zstdDecoder(emit, room);
  if (compression === 'none') return { push: emit, finish: () => undefined };
  throw new InspectionError('unsupported', `packed with ${compression}, which is not read here`);
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- most layers are packed with gzip
const ofZstd = () => require('./zstd-decoder') as typeof zstdDecoderFile;
