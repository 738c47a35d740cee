import type { Compression } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { decoderFor } from '../decode/decoder-for';
import { hasNativeZstd } from '../decode/zstd-decoder';
import type { LayerBlob } from '../image-source';
import { programIntake } from '../sources/program-intake';
import { hasThread, threadIntake } from '../sources/scan-thread';
import { DirectIntake, type IntakeOrder, type LayerIntake } from './layer-intake';

/** Below this size, in bytes, a layer is read before a thread has started. */
const WORTH_A_THREAD = 8 * 1024 * 1024;

/**
 * What takes in a layer that is packed: with a second thread, or with a program that unpacks, where that pays.
 *
 * @param mayUseProgram whether another program may unpack it
 */
export function packedIntake(
  order: IntakeOrder,
  blob: LayerBlob,
  compression: Compression,
  mayUseProgram: boolean,
): LayerIntake {
  if (!hasThread() && (blob.sizeBytes ?? 0) < WORTH_A_THREAD) return new DirectIntake(order);
  const useProgram = mayUseProgram && compression === 'zstd' && !hasNativeZstd();
  return (useProgram ? programIntake(order, blob) : undefined) ?? threadIntake(order) ?? new DirectIntake(order);
}

/** What unpacks a layer for an intake that does not do so by itself. */
export function unpackingInto(intake: LayerIntake, compression: Compression): Decoder {
  const room = intake.room && (() => intake.room?.('unpacked') as Buffer);
  return decoderFor(
    compression,
    (chunk) => intake.unpacked(chunk),
    room,
    (trailer) => intake.trailer(trailer),
  );
}
