import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';

/** What all layers of an image have used up of its limits. */
export interface Budget {
  entries: number;
  remembered: number;
  packedBytes: number;
  unpackedBytes: number;
}

/** Refuses archive bombs: a terabyte of zeros packs into less than a gigabyte as gzip, and into less than a megabyte as zstd. */
export function checkExpansion(
  { packedBytes, unpackedBytes }: Pick<Budget, 'packedBytes' | 'unpackedBytes'>,
  limits: Limits,
): void {
  if (unpackedBytes > limits.unpackedBytes) {
    throw new InspectionError('limit', `the layers unpack to more than ${limits.unpackedBytes} bytes`);
  }
  if (unpackedBytes > limits.unquestionedBytes && unpackedBytes > packedBytes * limits.expansion) {
    throw new InspectionError(
      'limit',
      `${packedBytes} bytes unpack to ${unpackedBytes} and more`,
      {},
      'an archive bomb',
    );
  }
}
