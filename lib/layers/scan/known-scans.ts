import { RECOGNISER_VERSION } from '../recognise/content-recogniser';
import type { LayerContent, LayerScan, LayerScanCache } from './layer-scan';

/** How many digests are remembered of one layer: each registry, and each way to pack it, may give it another. */
const MOST_DIGESTS = 32;

/** What has been learnt of a layer by reading it; its digest, where it has one, was found to be true. */
export function scanOf(
  { diffId, digest }: { readonly diffId: string; readonly digest?: string },
  verified: boolean,
  content: LayerContent,
): LayerScan {
  const digests = digest === undefined ? [] : [digest];
  return { recogniserVersion: RECOGNISER_VERSION, diffId, verified, digests, ...content };
}

/**
 * What is known of a layer.
 *
 * A configuration may give any layer the diff id of a harmless one. Runtimes find out when they unpack it, but those that load layers as
 * they are needed (stargz, SOCI) never do: so what is stored must have been seen to unpack to it.
 *
 * @param digest of the layer as it is stored; undefined in archives that are unpacked, and checked, by whoever loads them
 */
export function knownScan(cache: LayerScanCache, diffId: string, digest: string | undefined): LayerScan | undefined {
  const scan = cache.find(diffId, RECOGNISER_VERSION);
  return digest === undefined || scan?.digests.includes(digest) ? scan : undefined;
}

/** Keeps a verified scan, with the digests that the layer was known by before. */
export function keepScan(cache: LayerScanCache, scan: LayerScan): void {
  const before = cache.find(scan.diffId, RECOGNISER_VERSION)?.digests ?? [];
  const digests = [...new Set([...before, ...scan.digests])].slice(-MOST_DIGESTS);
  cache.keep({ ...scan, digests });
}
