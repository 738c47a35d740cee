import { closeSync, fstatSync } from 'node:fs';
import type { FileRange } from '../image-source';

/** Files that stay open until all are closed. */
export class KeptFiles {
  private readonly fds = new Map<string, number>();

  /** @param open opens the file of a path */
  public constructor(private readonly open: (path: string) => number) {}

  /** All of a file. */
  public range(path: string): FileRange {
    const fd = this.fds.get(path) ?? this.open(path);
    this.fds.set(path, fd);
    return { fd, start: 0, size: fstatSync(fd).size };
  }

  public close(): void {
    for (const fd of this.fds.values()) closeSync(fd);
    this.fds.clear();
  }
}
