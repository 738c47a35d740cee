import { partitionPoint } from '../partition-point';

/** Finds the things that belong to paths near a path, without going through all of them. */
export class PathIndex<T> {
  private readonly byPath = new Map<string, T[]>();
  private readonly lengths = new Set<number>();
  /** In order, so that all paths that lie in a directory stand together. */
  private paths?: readonly string[];

  /** @param path absolute and normal */
  public add(path: string, item: T): void {
    const known = this.byPath.get(path);
    if (known !== undefined) known.push(item);
    else this.byPath.set(path, [item]);
    this.lengths.add(path.length);
    this.paths = undefined;
  }

  public at(path: string): readonly T[] {
    return this.byPath.get(path) ?? [];
  }

  /** What belongs to the path itself or to a directory that it lies in. */
  public above(path: string): T[] {
    const found = [...this.at(path)];
    for (let end = path.length; end > 1;) {
      end = path.lastIndexOf('/', end - 1);
      const length = Math.max(end, 1);
      // A path of thousands of names is compared with those only that have the right length.
      if (this.lengths.has(length)) found.push(...this.at(path.slice(0, length)));
    }
    return found;
  }

  /** What belongs to paths that lie in the directory. */
  public below(directory: string): T[] {
    const paths = (this.paths ??= [...this.byPath.keys()].sort());
    const prefix = directory === '/' ? '/' : `${directory}/`;
    const found: T[] = [];
    const first = partitionPoint(paths.length, (index) => paths[index] < prefix);
    for (let i = first; paths[i]?.startsWith(prefix); i++) found.push(...this.at(paths[i]));
    return found;
  }
}
