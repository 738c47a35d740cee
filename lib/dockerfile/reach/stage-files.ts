import type { BroughtTool, SourceLocation } from '../analysis';
import type { BuildStage } from '../build-stage';
import type { CopyStep, FileStep, RunStep } from '../file-step';
import type { Evidence, FileSystem } from './evidence';
import { isSystemCommand, isSystemDirectory, toolByName } from './known-paths';
import { absolutePath, fixedPart, isPattern, isWithin, matchesPath, namesOf } from './path-pattern';
import type { StepAt } from './destination-index';
import { DestinationIndex } from './destination-index';
import { Placement } from './placement';
import type { RunCopy } from './run-copies';
import { copiesOf, copyFromMount } from './run-copies';

/** What the files of a stage are made of. */
export interface StageParts {
  readonly label: string;
  readonly trace: readonly SourceLocation[];
  /** What the first FROM of the chain gives. */
  readonly bottom: FileSystem;
  /** What all stages of the chain do to it, in order. */
  readonly steps: readonly FileStep[];
  /** Where the sources of a step are read from. */
  readonly sources: (step: CopyStep) => ReadonlyArray<{ readonly source: string; readonly files: FileSystem }>;
  readonly filesOf: (stage: BuildStage) => FileSystem;
  readonly locate: (step: FileStep) => SourceLocation;
  /** Runs a search, unless too many have been run. */
  readonly budget: (search: () => readonly Evidence[]) => readonly Evidence[];
}

/** The files of a stage: those of its base, and what its instructions copied. What a RUN made is not known. */
export class StageFiles implements FileSystem {
  private readonly answers = new Map<string, readonly Evidence[]>();
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
    return this.lookBefore(path, this.parts.steps.length);
  }

  /** Looks for a path as it is before a step. */
  private lookBefore(path: string, end: number): readonly Evidence[] {
    const key = `${end} ${path}`;
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.parts.budget(() => this.search(path, end));
    this.answers.set(key, answer);
    return answer;
  }

  /** Later copies may hide earlier ones, which are found all the same. */
  private search(path: string, end: number): Evidence[] {
    this.index ??= { copies: new DestinationIndex(this.parts.steps), runs: new RunIndex(this.parts.steps) };
    const { copies, runs } = this.index;
    const before = ({ index }: { readonly index: number }): boolean => index < end;
    return [
      ...copies
        .concerning(path)
        .filter(before)
        .flatMap(({ step }) => this.copied(step, path)),
      ...runs.copies.filter(before).flatMap((copy) => this.copiedByRun(copy, path)),
      ...this.parts.bottom.look(path),
      ...(runs.first && before(runs.first) ? this.made(runs.first.step, runs.shells.filter(before), path) : []),
    ];
  }

  private copied(step: CopyStep, path: string): Evidence[] {
    const evidence = this.parts.sources(step).flatMap(({ source, files }) => {
      return possibleWorkdirs(step, path).flatMap((workdir) => new Placement(step, source, files, workdir).look(path));
    });
    return evidence.map((item) => ({ ...item, trace: [this.parts.locate(step), ...item.trace] }));
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
  public readonly copies: readonly RunCopyAt[];

  public constructor(steps: readonly FileStep[]) {
    const runs = steps.flatMap((step, index) => (step.kind === 'run' ? [{ step, index }] : []));
    this.first = runs[0];
    const shells = new Map<string, number>();
    for (const { step, index } of runs.toReversed()) {
      const path = shellOf(step);
      if (path !== undefined) shells.set(path, index);
    }
    this.shells = [...shells].map(([path, index]) => ({ path, index }));
    this.copies = runs.flatMap(({ step, index }) => copiesOf(step).map((copy) => ({ step, index, copy })));
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
function toolTarget({ source, destination }: RunCopy, path: string): string | undefined {
  const inside = absolutePath(`${destination}/${nameOf(source)}`);
  const targets = destination.endsWith('/') ? [inside] : [absolutePath(destination), inside];
  return targets.find((target) => takes(path, target));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A destination may be relative to a working directory that only an image knows: then to any directory that the path lies in. */
function possibleWorkdirs(step: CopyStep, path: string): string[] {
  if (!step.workdirUnknown) return ['/'];
  const names = namesOf(fixedPart(path));
  return ['/', ...names.slice(0, -1).map((_name, index) => `/${names.slice(0, index + 1).join('/')}`)];
}
