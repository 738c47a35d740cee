import type { Compression } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { decoderFor } from '../decode/decoder-for';
import { hasNativeZstd } from '../decode/zstd-decoder';
import type { LayerBlob } from '../image-source';
import type { Companion } from '../sources/companion';
import { programIntake } from '../sources/program-intake';
import { hasThread, threadIntake } from '../sources/scan-thread';
import { DirectIntake, type IntakeOrder, type LayerIntake } from './layer-intake';

/** Below this size, in bytes, a layer is read before a thread has started. */
const WORTH_A_THREAD = 8 * 1024 * 1024;

export interface PackedOptions {
  /** Whether another program may unpack it. */
  readonly mayUseProgram: boolean;
  /** What is read besides, where a second thread takes it in. */
  readonly companions: readonly Companion[];
}

/** What takes in a layer that is packed: with a second thread, or with a program that unpacks, where that pays. */
export function packedIntake(
  order: IntakeOrder,
  blob: LayerBlob,
  compression: Compression,
  { mayUseProgram, companions }: PackedOptions,
): LayerIntake {
  if (!hasThread() && (blob.sizeBytes ?? 0) < WORTH_A_THREAD) return new DirectIntake(order);
  const useProgram = mayUseProgram && compression === 'zstd' && !hasNativeZstd();
  const intake = useProgram ? programIntake(order, blob) : undefined;
  return intake ?? threadIntake({ order, companions }) ?? new DirectIntake(order);
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
