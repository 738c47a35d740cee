import type { ImageTree } from '../image-tree';
import type { RunConfig } from '../oci-layout';

/** What an official image has that Debian's essential packages have not. */
export interface Builder {
  /** As it stands behind `FROM`. */
  readonly reference: string;
  readonly packages: readonly string[];
  /** Versions of what comes from elsewhere, and the recipe itself: a change makes a new layer. */
  readonly ingredients: readonly string[];
  /** Does what maintainer scripts or the official Dockerfile do to the files. */
  readonly arrange: (tree: ImageTree) => Promise<void> | void;
  readonly config: RunConfig;
}

export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
