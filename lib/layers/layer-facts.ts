import type { RunConfig } from './image-config';

/** A place in an image: which layer, and which path in it. */
export interface LayerLocation {
  /** Index of the layer, counted from 0 at the base. */
  readonly layer: number;
  /** Path as stored, without a leading slash. */
  readonly path: string;
}

/** A shell or package manager that is really there. */
export interface FoundTool {
  readonly category: 'shell' | 'package-manager';
  /** busybox, bash, apt ... */
  readonly kind: string;
  /** Absolute path in the image; every name that leads to it is a find of its own. */
  readonly path: string;
  readonly by: 'content' | 'path';
  readonly trace: readonly LayerLocation[];
}

/** Something in an image that keeps the inspection from being a proof. */
export interface UnprovenContent {
  readonly reason: string;
  readonly path?: string;
  readonly trace?: readonly LayerLocation[];
}

/** What the bytes of one image (one platform) say. */
export interface LayerFacts extends RunConfig {
  /** What was read, as it should be shown to people. */
  readonly subject: string;
  readonly platform: string;
  /** Digest of the image's manifest, where there is one. */
  readonly digest?: string;
  readonly layers: ReadonlyArray<{
    readonly digest?: string;
    readonly diffId: string;
    readonly sizeBytes: number;
    readonly files: number;
    /** Whether the bytes were found to have the diff id. Runtimes check it again when they unpack the layer. */
    readonly verified?: boolean;
  }>;
  /** The known base that the first layers are, by diff ids. */
  readonly base?: { readonly reference: string; readonly digest?: string; readonly layers: number };
  readonly tools: readonly FoundTool[];
  readonly unproven: readonly UnprovenContent[];
  readonly sizeBytes: number;
}
