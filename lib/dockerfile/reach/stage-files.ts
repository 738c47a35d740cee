import type { BroughtTool, SourceLocation } from '../analysis';
import type { BuildStage } from '../build-stage';
import type { CopyStep, FileStep, RunStep } from '../file-step';
import type { Evidence, FileSystem } from './evidence';
import { isSystemCommand, isSystemDirectory, toolByName } from './known-paths';
import { PathIndex } from './path-index';
import { absolutePath, fixedPart, isPattern, isWithin, matchesPath, nameOf, namesOf } from './path-pattern';
import type { CopySource } from './file-systems';
import type { StepAt } from './destination-index';
import { DestinationIndex } from './destination-index';
import { CopyTarget, Placement } from './placement';
import type { RunCopy } from './run-copies';
import { copiesOf, copyFromMount } from './run-copies';
import type { SearchBudget } from './search-budget';

/** `PATH_MAX` of Linux, without the byte that ends it. */
const MAX_PATH_LENGTH = 4095;

/** What the files of a stage are made of. */
export interface StageParts {
  readonly label: string;
  readonly trace: readonly SourceLocation[];
  /** What the first FROM of the chain gives. */
  readonly bottom: FileSystem;
  /** What all stages of the chain do to it, in order. */
  readonly steps: readonly FileStep[];
  /** Where the sources of a step are read from. */
  readonly sources: (step: CopyStep) => readonly CopySource[];
  readonly filesOf: (stage: BuildStage) => FileSystem;
  readonly locate: (step: FileStep) => SourceLocation;
  readonly budget: SearchBudget;
}

/** The files of a stage: those of its base, and what its instructions copied. What a RUN made is not known. */
export class StageFiles implements FileSystem {
  private readonly answers = new Map<string, readonly Evidence[]>();
  private readonly placements = new Map<CopyStep, readonly Placement[]>();
  private index?: { readonly copies: DestinationIndex; readonly runs: RunIndex };

  public constructor(private readonly parts: StageParts) {}

  public get label(): string {
    return this.parts.label;
  }

  public get trace(): readonly SourceLocation[] {
    return this.parts.trace;
  }

  public contentOf(): undefined {
    return undefined;
  }

  public typeOf(path: string): 'file' | 'directory' | undefined {
    return path === '/' ? 'directory' : undefined;
  }

  public look(path: string): readonly Evidence[] {
    if (path.length > MAX_PATH_LENGTH) return [this.tooLong(path)];
    return this.lookBefore(path, this.parts.steps.length);
  }

  private tooLong(path: string): Evidence {
    const reason = `${path.slice(0, 40)}... of ${this.label} is longer than a path can be`;
    return { verdict: 'unproven', reason, trace: [] };
  }

  /** Looks for a path as it is before a step. */
  private lookBefore(path: string, end: number): readonly Evidence[] {
    const key = `${end} ${path}`;
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.parts.budget.search(1, () => this.search(path, end));
    this.answers.set(key, answer);
    return answer;
  }

  /** Later copies may hide earlier ones, which are found all the same. */
  private search(path: string, end: number): readonly Evidence[] {
    this.index ??= { copies: new DestinationIndex(this.parts.steps), runs: new RunIndex(this.parts.steps) };
    const { copies, runs } = this.index;
    const before = ({ index }: { readonly index: number }): boolean => index < end;
    const copied = copies.concerning(path).filter(before);
    const copiedByRun = runs.copiesTo(path).filter(before);
    return this.parts.budget.search(copied.length + copiedByRun.length + runs.shells.length, () => [
      ...copied.flatMap(({ step }) => this.copied(step, path)),
      ...copiedByRun.flatMap((copy) => this.copiedByRun(copy, path)),
      ...this.parts.bottom.look(path),
      ...(runs.first && before(runs.first) ? this.made(runs.first.step, runs.shells.filter(before), path) : []),
    ]);
  }

  private copied(step: CopyStep, path: string): readonly Evidence[] {
    const placements = this.placementsFor(step, path);
    const evidence = this.parts.budget.search(placements.length, () => placements.flatMap((one) => one.look(path)));
    return evidence.map((item) => ({ ...item, trace: [this.parts.locate(step), ...item.trace] }));
  }

  /** A destination may be relative to a working directory that only an image knows: then to any directory that the path lies in. */
  private placementsFor(step: CopyStep, path: string): readonly Placement[] {
    if (step.workdirUnknown) return possibleWorkdirs(path).flatMap((workdir) => this.placementsOf(step, workdir));
    const known = this.placements.get(step);
    if (known !== undefined) return known;
    const placements = this.placementsOf(step, '/');
    this.placements.set(step, placements);
    return placements;
  }

  private placementsOf(step: CopyStep, workdir: string): Placement[] {
    const target = new CopyTarget(step, workdir);
    return this.parts.sources(step).map(({ source, files }) => new Placement(target, source, files));
  }

  /** Only what is proved counts here: that a command takes part in a copy says nothing against it. */
  private copiedByRun({ step, index, copy }: RunCopyAt, path: string): Evidence[] {
    const target = toolTarget(copy, path);
    if (target === undefined) return [];
    const mounted = copyFromMount(step, copy, this.parts.filesOf);
    return [...mounted, ...this.lookBefore(copy.source, index)].flatMap((evidence) => {
      if (evidence.verdict !== 'violation' || evidence.tool === undefined) return [];
      const tool = { ...evidence.tool, path: target };
      return [{ ...evidence, tool, trace: [this.parts.locate(step), ...evidence.trace] }];
    });
  }

  /** What a RUN may have made, or shows to be there. */
  private made(first: RunStep, shells: readonly ShellAt[], path: string): Evidence[] {
    const trace = [this.parts.locate(first)];
    const shell = shells.find((found) => takes(path, found.path))?.path;
    if (shell !== undefined) {
      const tool: BroughtTool = { category: 'shell', kind: nameOf(shell), path: shell, by: 'path' };
      return [{ verdict: 'violation', reason: `${this.label} runs commands with ${shell}`, tool, trace }];
    }
    const named = isPattern(path) ? undefined : toolByName(path, 'path');
    if (named !== undefined) {
      const reason = `${path} of ${this.label} is named like a ${named.category}`;
      return [{ verdict: 'violation', reason, tool: named, trace }];
    }
    const open = isSystemDirectory(fixedPart(path)) || isSystemCommand(path);
    if (!open) return [];
    return [{ verdict: 'unproven', reason: `a RUN of ${this.label} may have put a shell into ${path}`, trace }];
  }
}

interface ShellAt {
  readonly path: string;
  readonly index: number;
}

interface RunCopyAt extends StepAt<RunStep> {
  readonly copy: RunCopy;
}

/** What the RUNs of a stage tell of its files. */
class RunIndex {
  public readonly first?: StepAt<RunStep>;
  /** Each shell where it is first used. */
  public readonly shells: readonly ShellAt[];
  private readonly copies = new PathIndex<RunCopyAt>();

  public constructor(steps: readonly FileStep[]) {
    const runs = steps.flatMap((step, index) => (step.kind === 'run' ? [{ step, index }] : []));
    this.first = runs[0];
    const shells = new Map<string, number>();
    for (const { step, index } of runs.toReversed()) {
      const path = shellOf(step);
      if (path !== undefined) shells.set(path, index);
    }
    this.shells = [...shells].map(([path, index]) => ({ path, index }));
    for (const { step, index } of runs) {
      for (const copy of copiesOf(step)) {
        for (const target of targetsOf(copy)) this.copies.add(target, { step, index, copy });
      }
    }
  }

  /** The copies that may have brought something to a path or below, in order. */
  public copiesTo(path: string): RunCopyAt[] {
    const directory = fixedPart(path);
    const found = [...this.copies.at(directory), ...this.copies.below(directory)];
    return found.sort((a, b) => a.index - b.index);
  }
}

/** The shell that a RUN is run by, unless a mount may have brought it for as long as it runs. */
export function shellOf(step: RunStep): string | undefined {
  const [program = ''] = step.argv;
  const tool = program.startsWith('/') ? toolByName(program, 'path') : toolByName(`/bin/${program}`, 'path');
  if (tool?.category !== 'shell') return undefined;
  const mounted = step.mounts.some(({ target }) => isWithin(tool.path, absolutePath(target)));
  return mounted ? undefined : tool.path;
}

/** Whether copying a path, which may be a pattern, takes another one along. */
function takes(path: string, other: string): boolean {
  if (!isPattern(path)) return isWithin(other, path);
  const names = namesOf(other);
  return names.some((_name, index) => matchesPath(path, names.slice(0, index + 1).join('/')));
}

/** Where a tool that a command copies ends up, if that is at a path or below. */
function toolTarget(copy: RunCopy, path: string): string | undefined {
  return targetsOf(copy).find((target) => takes(path, target));
}

/** What a command copies to is a name for the file, or a directory for it. */
function targetsOf({ source, destination }: RunCopy): string[] {
  const inside = absolutePath(`${destination}/${nameOf(source)}`);
  return destination.endsWith('/') ? [inside] : [absolutePath(destination), inside];
}

function possibleWorkdirs(path: string): string[] {
  const names = namesOf(fixedPart(path));
  return ['/', ...names.slice(0, -1).map((_name, index) => `/${names.slice(0, index + 1).join('/')}`)];
}
