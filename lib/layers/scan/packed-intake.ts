import type { Compression } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { decoderFor } from '../decode/decoder-for';
import type * as zstdDecoderFile from '../decode/zstd-decoder';
import type { LayerBlob } from '../image-source';
import { compileForShortRun } from '../short-run';
import type { Companion } from '../sources/companion';
import type * as programIntakeFile from '../sources/program-intake';
import type * as scanThreadFile from '../sources/scan-thread';
import { DirectIntake, type IntakeOrder, type LayerIntake } from './layer-intake';
import { isLarge } from './worth-a-thread';

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
  if (!threads?.hasThread() && !isLarge(blob)) return new DirectIntake(order);
  const intake = mayUseProgram && compression === 'zstd' ? programIntake(order, blob) : undefined;
  const chosen = intake ?? ofThreads().threadIntake({ order, companions }) ?? new DirectIntake(order);
  // No thread has been started, after all: the work begins here.
  if (!ofThreads().hasThread()) compileForShortRun();
  return chosen;
}

function programIntake(order: IntakeOrder, blob: LayerBlob): LayerIntake | undefined {
  return ofZstd().hasNativeZstd() ? undefined : ofPrograms().programIntake(order, blob);
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

let threads: typeof scanThreadFile | undefined;

// What follows is loaded when a layer comes that needs it: small ones of gzip, which most builds bring, need none of it.
/* eslint-disable @typescript-eslint/no-require-imports */
const ofThreads = () => (threads ??= require('../sources/scan-thread') as typeof scanThreadFile);
const ofPrograms = () => require('../sources/program-intake') as typeof programIntakeFile;
const ofZstd = () => require('../decode/zstd-decoder') as typeof zstdDecoderFile;
