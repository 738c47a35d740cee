import { posix } from 'node:path';
import type { BroughtTool } from '../analysis';
import type { CopyStep } from '../file-step';
import type { Evidence, FileSystem } from './evidence';
import { absolutePath, fixedPart, isPattern, isWithin, matchesPath, namesOf } from './path-pattern';

/** Where one source of a COPY ends up: a file under the destination's name or in it, a directory with what is in it. */
export class Placement {
  private readonly source: string;
  private readonly destination: string;
  private readonly intoDirectory: boolean;
  /** With `--parents` the path from here on is kept. */
  private readonly pivot?: string;

  public constructor(
    step: CopyStep,
    written: string,
    private readonly files: FileSystem,
    workdir = '/',
  ) {
    const [parent, rest] = step.parents ? splitAtPivot(written) : [undefined, written];
    this.pivot = parent === undefined ? undefined : absolutePath(parent);
    this.source = absolutePath(parent === undefined ? written : `${parent}/${rest}`);
    this.destination = absolutePath(`${workdir}/${step.destination}`);
    this.intoDirectory = step.destination.endsWith('/') || step.sources.length + step.documents.length > 1;
  }

  /** Everything that the source brings, at the paths that it gets. */
  public all(): Evidence[] {
    return this.files.look(this.source).map((evidence) => this.moved(evidence));
  }

  /** What it brings to a path and below. */
  public look(path: string): Evidence[] {
    if (isPattern(path)) return this.lookForPattern(path);
    const kind = this.files.typeOf(this.source);
    const asFile = kind !== 'directory' && this.fileTargets().some((target) => isWithin(target, path));
    if (asFile || (kind !== 'file' && isWithin(this.destination, path))) return this.all();
    if (kind === 'file' || !isWithin(path, this.destination)) return [];
    return this.lookInside(path);
  }

  /** The names that the source gets if it is a file. */
  public fileTargets(): string[] {
    if (this.pivot !== undefined) return [this.target(this.source)];
    const inside = posix.join(this.destination, posix.basename(this.source));
    return this.intoDirectory || this.destination === '/' ? [inside] : [this.destination, inside];
  }

  private lookInside(path: string): Evidence[] {
    const tracked = isPattern(this.source) ? this.all().filter(({ tool }) => tool && isWithin(tool.path, path)) : [];
    const below = path.slice(this.destination === '/' ? 0 : this.destination.length);
    const inSource = posix.join(this.pivot ?? fixedPart(this.source), below);
    if (this.pivot !== undefined && !isWithin(inSource, fixedPart(this.source))) return tracked;
    return [...tracked, ...this.files.look(inSource).map((evidence) => this.moved(evidence))];
  }

  private lookForPattern(pattern: string): Evidence[] {
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
    const inside = namesOf(path).slice(namesOf(this.source).length);
    if (inside.length > 0) return posix.join(this.destination, ...inside);
    const keepsName = this.intoDirectory || this.destination === '/' || isPattern(this.source);
    return keepsName ? posix.join(this.destination, posix.basename(path)) : this.destination;
  }
}

/** `--parents` keeps the whole path, or what follows `/./` in it. */
function splitAtPivot(written: string): [parent: string, rest: string] {
  const pivot = written.indexOf('/./');
  return pivot < 0 ? ['/', written] : [written.slice(0, pivot) || '/', written.slice(pivot + 3)];
}
