import type { LayerLocation } from '../layer-facts';
import type { ScannedContent } from '../scan/layer-scan';

/** A directory, as far as something that matters lies in it. */
export interface DirectoryNode {
  readonly kind: 'directory';
  readonly children: Map<string, Node>;
}

/** A symbolic link. */
export interface LinkNode {
  readonly kind: 'link';
  readonly target: string;
  readonly layer: number;
}

/** One name of a program or a script. Hard links are several names with the same content. */
export interface FileNode {
  readonly kind: 'file';
  readonly content: ScannedContent;
  /** The layer that gave it this name. */
  readonly layer: number;
  /** Where the content itself came from. */
  readonly origin: LayerLocation;
}

/** What a path may lead to. */
export type Node = DirectoryNode | LinkNode | FileNode;

/** A directory with nothing in it. */
export function emptyDirectory(): DirectoryNode {
  return { kind: 'directory', children: new Map() };
}

/** How much a node tells against the image; of two that might be at one place, the greater counts. */
export function weight(node: Node | undefined): number {
  if (node === undefined || node.kind === 'directory') return 0;
  if (node.kind === 'link') return 2;
  if (node.content.tools.length > 0) return 4;
  return node.content.unproven === undefined ? 1 : 3;
}
