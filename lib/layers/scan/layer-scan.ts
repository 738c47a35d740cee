import type { RecognisedTool } from '../recognise/tool-markers';
import type { ContentType } from '../recognise/content-type';

/**
 * What one layer changes, as far as it matters: everything that an image's facts are made of, so that a layer that has been scanned
 * once need not be read again. Plain JSON.
 */
export interface LayerScan {
  /** `RECOGNISER_VERSION` of who made it; under another version the layer has to be scanned again. */
  readonly recogniserVersion: number;
  readonly diffId: string;
  /** Whether the content has been found to have this diff id. Others must not be kept. */
  readonly verified: boolean;
  /** Digests of what has been found to unpack to it, as it is stored in registries and layouts. */
  readonly digests: readonly string[];
  /** Size of all files. */
  readonly sizeBytes: number;
  /** Number of files, links not counted. */
  readonly files: number;
  /** What it hides of the layers below; see `change-list.ts`. */
  readonly hides: readonly string[];
  /** Everything that it brings, in the order of the archive. */
  readonly changes: readonly string[];
  /** The different contents that the changes refer to by their index. */
  readonly contents: readonly ScannedContent[];
}

/** What a scan says of a layer that only its bytes can say. */
export type LayerContent = Pick<LayerScan, 'hides' | 'changes' | 'contents' | 'files' | 'sizeBytes'>;

/** What is remembered of the content of a program or a script. */
export interface ScannedContent {
  readonly type: ContentType;
  readonly tools: readonly RecognisedTool[];
  readonly unproven?: string;
}

/** Keeps scans by diff id. Looked up scans must have the version that was asked for. */
export interface LayerScanCache {
  find(diffId: string, recogniserVersion: number): LayerScan | undefined;
  keep(scan: LayerScan): void;
}
