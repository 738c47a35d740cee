import { closeSync, constants, fstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ByteSink, FileRange } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { normalisePath } from '../tar/entry-path';
import { readRange, readWhole } from './file-window';
import { DocumentCheck, missingFile, type ImageFiles } from './image-files';
import { KeptFiles } from './kept-files';

/** The files below a directory. What lies outside of it is not reached, neither by `..` nor by links. */
export class DirectoryFiles implements ImageFiles {
  private readonly root: string;
  private readonly kept = new KeptFiles((path) => this.open(path));
  private readonly documents: DocumentCheck;

  public constructor(directory: string, limits: Limits) {
    this.root = realpathSync(directory);
    this.documents = new DocumentCheck(limits);
  }

  public has(path: string): boolean {
    const stats = statSync(join(this.root, normalisePath(path)), { throwIfNoEntry: false });
    return stats?.isFile() ?? false;
  }

  public sizeOf(path: string): number {
    return this.use(path, (_, size) => size);
  }

  public read(path: string, into: ByteSink): void {
    this.use(path, (fd, size) => readRange({ fd, start: 0, size }, into));
  }

  public readDocument(path: string): Buffer {
    return this.use(path, (fd, size) => {
      this.documents.count(path, size);
      return readWhole({ fd, start: 0, size });
    });
  }

  public open(path: string): number {
    if (!this.has(path)) throw missingFile(path);
    const real = realpathSync(join(this.root, normalisePath(path)));
    if (!real.startsWith(this.root + sep))
      throw new InspectionError('corrupt', 'a link that leads out of the layout', { path });
    return openSync(real, constants.O_RDONLY);
  }

  public rangeOf(path: string): FileRange {
    return this.kept.range(path);
  }

  public close(): void {
    this.kept.close();
  }

  private use<T>(path: string, use: (fd: number, size: number) => T): T {
    const fd = this.open(path);
    try {
      return use(fd, fstatSync(fd).size);
    } finally {
      closeSync(fd);
    }
  }
}
