import { posix } from 'node:path';
import type { BroughtTool } from '../analysis';
import type { CopyStep } from '../file-step';
import type { Evidence, FileSystem } from './evidence';
import { Exclusion } from './exclusion';
import { absolutePath, fixedPart, isPattern, isWithin, matchesPath, nameOf, namesOf, pathInside } from './path-pattern';

/** What all sources of a COPY have in common: where they go, and what is left out of them. */
export class CopyTarget {
  public readonly path: string;
  /** Whether what the sources are called is kept below the path. */
  public readonly isDirectory: boolean;
  public readonly parents: boolean;
  public readonly exclusion?: Exclusion;

  public constructor(step: CopyStep, workdir = '/') {
    this.path = absolutePath(`${workdir}/${step.destination}`);
    const several = step.sources.length + step.documents.length > 1;
    this.isDirectory = several || this.path === '/' || step.destination.endsWith('/');
    this.parents = step.parents;
    this.exclusion = step.exclude.length === 0 ? undefined : new Exclusion(step.exclude);
  }
}

/** Where one source of a COPY ends up: a file under the destination's name or in it, a directory with what is in it. */
export class Placement {
  public readonly source: string;
  private readonly destination: string;
  /** With `--parents` the path from here on is kept. */
  private readonly pivot?: string;

  public constructor(
    private readonly copy: CopyTarget,
    written: string,
    public readonly files: FileSystem,
  ) {
    const [parent, rest] = copy.parents ? splitAtPivot(written) : [undefined, written];
    this.pivot = parent === undefined ? undefined : absolutePath(parent);
    this.source = absolutePath(parent === undefined ? written : `${parent}/${rest}`);
    this.destination = copy.path;
  }

  /** Everything that the source brings, at the paths that it gets. */
  public all(): readonly Evidence[] {
    const evidence = this.taken();
    return evidence.length === 0 ? evidence : evidence.map((item) => this.moved(item));
  }

  /** What it brings to a path and below. */
  public look(path: string): readonly Evidence[] {
    if (isPattern(path)) return this.lookForPattern(path);
    const kind = this.files.typeOf(this.source);
    const asFile = kind !== 'directory' && this.becomesFileWithin(path);
    if (asFile || (kind !== 'file' && isWithin(this.destination, path))) return this.all();
    if (kind === 'file' || !isWithin(path, this.destination)) return [];
    return this.lookInside(path);
  }

  /** The path that the source gets if it is a file and the destination is no directory but for what its name tells. */
  public fileTarget(): string {
    if (this.pivot !== undefined) return this.target(this.source);
    return this.copy.isDirectory ? pathInside(this.destination, nameOf(this.source)) : this.destination;
  }

  /** A destination that does not look like one may be a directory, too. */
  private becomesFileWithin(path: string): boolean {
    if (isWithin(this.fileTarget(), path)) return true;
    return this.pivot === undefined && isWithin(pathInside(this.destination, nameOf(this.source)), path);
  }

  /** Whether the source itself is left out, which only `--parents` makes possible. */
  public get isLeftOut(): boolean {
    return this.copy.exclusion?.leavesOut(this.below(this.source)) === true;
  }

  /** Evidence about what is at a path of the source, unless that is left out. */
  public doubt(evidence: Evidence, path: string): Evidence {
    return this.copy.exclusion?.doubt(evidence, path, this.below(path)) ?? evidence;
  }

  private taken(): readonly Evidence[] {
    const { exclusion } = this.copy;
    if (exclusion === undefined) return this.files.look(this.source);
    const listed = this.listed
      ? this.files.lookWithout?.(this.source, (path) => exclusion.leavesOut(this.below(path)))
      : undefined;
    return listed?.map((item) => this.doubtNamed(item)) ?? this.doubtAll(this.files.look(this.source));
  }

  /** Whether the files are known one by one, so that those that are left out need not be looked at. */
  private get listed(): boolean {
    return this.copy.exclusion?.readable === true && this.files.lookWithout !== undefined;
  }

  private doubtAll(evidence: readonly Evidence[]): readonly Evidence[] {
    if (this.copy.exclusion === undefined) return evidence;
    return evidence.map((item) => this.doubt(item, item.tool?.path ?? this.source));
  }

  /** Of files that are known one by one, only one that is the source itself is in doubt. */
  private doubtNamed(evidence: Evidence): Evidence {
    const path = evidence.tool?.path ?? this.source;
    return this.below(path) === '' ? this.doubt(evidence, path) : evidence;
  }

  private lookInside(path: string): readonly Evidence[] {
    const tracked =
      this.listed || isPattern(this.source)
        ? this.all().filter(({ tool }) => tool === undefined || isWithin(tool.path, path))
        : [];
    if (this.listed) return tracked;
    const below = path.slice(this.destination === '/' ? 0 : this.destination.length);
    const inSource = posix.join(this.pivot ?? fixedPart(this.source), below);
    if (this.pivot !== undefined && !isWithin(inSource, fixedPart(this.source))) return tracked;
    return [...tracked, ...this.doubtAll(this.files.look(inSource)).map((evidence) => this.moved(evidence))];
  }

  private lookForPattern(pattern: string): readonly Evidence[] {
    const directory = fixedPart(pattern);
    if (!isWithin(this.destination, directory) && !isWithin(directory, this.destination)) return [];
    const length = namesOf(pattern).length;
    return this.all().filter(({ tool }) => {
      return tool === undefined || matchesPath(pattern, namesOf(tool.path).slice(0, length).join('/'));
    });
  }

  private moved(evidence: Evidence): Evidence {
    const { tool } = evidence;
    return tool === undefined ? evidence : { ...evidence, tool: this.movedTool(tool) };
  }

  private movedTool(tool: BroughtTool): BroughtTool {
    return { ...tool, path: this.target(tool.path) };
  }

  private target(path: string): string {
    if (this.pivot !== undefined) return posix.join(this.destination, path.slice(this.pivot.length));
    const inside = this.below(path);
    if (inside !== '') return pathInside(this.destination, inside);
    const keepsName = this.copy.isDirectory || isPattern(this.source);
    return keepsName ? pathInside(this.destination, nameOf(path)) : this.destination;
  }

  /** The path below the source, or below the directory from which on `--parents` keeps it. */
  private below(path: string): string {
    return namesOf(path)
      .slice(namesOf(this.pivot ?? this.source).length)
      .join('/');
  }
}

/** `--parents` keeps the whole path, or what follows `/./` in it. */
function splitAtPivot(written: string): [parent: string, rest: string] {
  const pivot = written.indexOf('/./');
  return pivot < 0 ? ['/', written] : [written.slice(0, pivot) || '/', written.slice(pivot + 3)];
}
