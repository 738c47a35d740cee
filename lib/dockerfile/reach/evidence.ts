import type { BroughtTool, SourceLocation } from '../analysis';
import type { FileContent } from './file-content';

/** Something that speaks against a path: a tool that is there, or a reason why it cannot be told what is there. */
export interface Evidence {
  readonly verdict: 'violation' | 'unproven';
  /** In words: `docker.io/library/busybox:1.37 has a shell`. */
  readonly reason: string;
  /** Its path is one of the file system that was asked. */
  readonly tool?: BroughtTool;
  /** Where it comes from, the nearest place first. */
  readonly trace: readonly SourceLocation[];
}

/** Files that something can be copied from, as far as they are known. */
export interface FileSystem {
  /** For people: `stage tools (docker.io/library/busybox:1.37)`. */
  readonly label: string;
  /** Where it is defined; none for the main context. */
  readonly trace: readonly SourceLocation[];
  /**
   * What speaks against copying a path with all that is in it.
   *
   * @param path absolute and normal; its names may hold `*`, `?` and `[...]`
   */
  look(path: string): readonly Evidence[];
  /** {@link look} without the files that are left out; only where the files are known one by one. */
  lookWithout?(path: string, isLeftOut: (path: string) => boolean): readonly Evidence[];
  /** What is at a path; undefined when that is not known. */
  typeOf(path: string): 'file' | 'directory' | undefined;
  /** What the file at a path is by its content; undefined when that is not known, or when there is no file. */
  contentOf(path: string): FileContent | undefined;
}

const unknown = (): undefined => undefined;

/** No files at all. */
export const NO_FILES: FileSystem = {
  label: 'scratch',
  trace: [],
  look: () => [],
  typeOf: unknown,
  contentOf: unknown,
};

/** Files of which nothing is known but the reason why. */
export function unknownFiles(label: string, reason: string, trace: readonly SourceLocation[]): FileSystem {
  return { label, trace, look: () => [{ verdict: 'unproven', reason, trace }], typeOf: unknown, contentOf: unknown };
}
