import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';

/** What all layers of an image have used up of its limits. */
export interface Budget {
  entries: number;
  remembered: number;
  pathBytes: number;
  packedBytes: number;
  unpackedBytes: number;
}

/** What is used up when nothing has been read. */
export function noneUsed(): Budget {
  return { entries: 0, remembered: 0, pathBytes: 0, packedBytes: 0, unpackedBytes: 0 };
}

/** What two use up together. */
export function sumOf(first: Budget, second: Budget): Budget {
  return {
    entries: first.entries + second.entries,
    remembered: first.remembered + second.remembered,
    pathBytes: first.pathBytes + second.pathBytes,
    packedBytes: first.packedBytes + second.packedBytes,
    unpackedBytes: first.unpackedBytes + second.unpackedBytes,
  };
}

/** Whether no more has been used up than the limits leave. */
export function isWithin(budget: Budget, limits: Limits): boolean {
  return (
    budget.entries <= limits.entries &&
    budget.remembered <= limits.remembered &&
    budget.pathBytes <= limits.pathBytes &&
    !isTooMuch(budget, limits) &&
    !isBomb(budget, limits)
  );
}

type Bytes = Pick<Budget, 'packedBytes' | 'unpackedBytes'>;

/** Refuses archive bombs: a terabyte of zeros packs into less than a gigabyte as gzip, and into less than a megabyte as zstd. */
export function checkExpansion(bytes: Bytes, limits: Limits): void {
  if (isTooMuch(bytes, limits)) {
    throw new InspectionError('limit', `the layers unpack to more than ${limits.unpackedBytes} bytes`);
  }
  if (isBomb(bytes, limits)) {
    const { packedBytes, unpackedBytes } = bytes;
    throw new InspectionError(
      'limit',
      `${packedBytes} bytes unpack to ${unpackedBytes} and more`,
      {},
      'an archive bomb',
    );
  }
}

function isTooMuch({ unpackedBytes }: Bytes, limits: Limits): boolean {
  return unpackedBytes > limits.unpackedBytes;
}

function isBomb({ packedBytes, unpackedBytes }: Bytes, limits: Limits): boolean {
  return unpackedBytes > limits.unquestionedBytes && unpackedBytes > packedBytes * limits.expansion;
}
