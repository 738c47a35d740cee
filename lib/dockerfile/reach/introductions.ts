import type { BroughtTool, BuildRequest, Introduction, SourceLocation } from '../analysis';
import type { BuildStage } from '../build-stage';
import type { FinishedStage } from '../carry-out';
import { placeOf } from '../carry-out';
import type { CopyStep, FileStep, RunStep } from '../file-step';
import type { Place } from '../refusal';
import { ContextFiles } from './context-files';
import type { Evidence } from './evidence';
import { toolsOf } from './file-content';
import { FileSystems } from './file-systems';
import type { CopySource } from './file-systems';
import { toolByName } from './known-paths';
import { CopyTarget, Placement } from './placement';
import type { RunCopy } from './run-copies';
import { copiesOf, copyFromMount } from './run-copies';
import { shellOf } from './stage-files';

const NO_EVIDENCE: readonly Evidence[] = [];

/** What every instruction of the target's chain brings into the image, and what is to be thought of it. */
export function introductionsOf(
  target: BuildStage,
  finished: ReadonlyMap<BuildStage, FinishedStage>,
  request: BuildRequest,
  locate: (place: Place) => SourceLocation,
): Introduction[] {
  return new Introducer(new FileSystems(request, finished, locate), locate).introduce(
    target.chain().flatMap((stage) => finished.get(stage)?.steps ?? []),
  );
}

class Introducer {
  public constructor(
    private readonly systems: FileSystems,
    private readonly locate: (place: Place) => SourceLocation,
  ) {}

  public introduce(steps: readonly FileStep[]): Introduction[] {
    return steps.flatMap((step) => (step.kind === 'run' ? [this.run(step)] : this.copy(step)));
  }

  private copy(step: CopyStep): Introduction[] {
    const target = new CopyTarget(step);
    return this.systems.sourcesOf(step).map((source) => this.copied(step, source, target));
  }

  private copied(step: CopyStep, { name, offset, source, files }: CopySource, target: CopyTarget): Introduction {
    const evidence = evidenceOf(step, new Placement(target, source, files));
    const { verdict, reason, tools } = judgement(evidence);
    return {
      instruction: step.kind === 'copy' ? 'COPY' : 'ADD',
      subject: name === files.label ? name : `${name} from ${files.label}`,
      trace: unique(this.own(step, offset), files.trace, worst(evidence)?.trace),
      verdict,
      reason,
      tools,
    };
  }

  /** A RUN needs what it runs: in shell form that is a shell. */
  private run(step: RunStep): Introduction {
    const shell = shellOf(step);
    const copied = this.copiedFromMounts(step);
    const evidence = [...copied, shell === undefined ? unprovenRun(step) : provenShell(shell)];
    const { text } = placeOf(step.command);
    return {
      instruction: 'RUN',
      subject: text,
      trace: unique(this.own(step), copied[0]?.trace),
      ...judgement(evidence),
    };
  }

  private copiedFromMounts(step: RunStep): readonly Evidence[] {
    if (step.mounts.every(({ from }) => from === '')) return NO_EVIDENCE;
    const copies = copiesOf(step);
    const look = (copy: RunCopy) => copyFromMount(step, copy, (stage) => this.systems.ofStage(stage));
    return this.systems.budget.search(copies.length * step.mounts.length, () => copies.flatMap(look));
  }

  /** The instruction itself; of a triggered one, what set it off and what held it back. */
  private own({ command }: FileStep, offset?: number): SourceLocation[] {
    const { trigger, instruction } = command;
    if (trigger === undefined) return [this.locate(instruction.node.line.place(offset))];
    const held = trigger.onbuild?.line.place();
    return [this.locate(trigger.place), ...(held ? [this.locate(held)] : [])];
  }
}

function evidenceOf(step: CopyStep, placement: Placement): readonly Evidence[] {
  const brought = placement.all();
  const named = brought.some(({ tool }) => tool !== undefined) ? NO_EVIDENCE : namedAsTool(placement);
  if (step.parents && !(placement.files instanceof ContextFiles)) {
    const reason = `what --parents takes from ${placement.files.label} is not known`;
    return [...brought, ...named, { verdict: 'unproven', reason, trace: [] }];
  }
  return named.length === 0 ? brought : [...brought, ...named];
}

/** A file that gets the name of a tool is one, unless its content says that it cannot be. */
function namedAsTool(placement: Placement): readonly Evidence[] {
  const { source, files } = placement;
  const target = placement.fileTarget();
  if (placement.isLeftOut || files.typeOf(source) === 'directory') return NO_EVIDENCE;
  const content = files.contentOf(source);
  const byName = content === undefined ? [toolByName(target, 'path')] : [];
  const byContent = content === undefined || 'unreadable' in content ? [] : toolsOf(content, target);
  return [...byName, ...byContent].flatMap((tool) => {
    if (tool === undefined) return [];
    const reason = `${source} of ${files.label} becomes ${target}, where a ${tool.category} belongs`;
    return [placement.doubt({ verdict: 'violation', reason, tool, trace: [] }, source)];
  });
}

function unprovenRun(step: RunStep): Evidence {
  const mounts = step.mounts.filter(({ from }) => from !== '').map(({ from }) => from);
  const helped = mounts.length === 0 ? '' : `, with files of ${mounts.join(', ')}`;
  return { verdict: 'unproven', reason: `what ${step.argv[0] ?? 'it'} leaves behind is not known${helped}`, trace: [] };
}

function provenShell(path: string): Evidence {
  const tool: BroughtTool = { category: 'shell', kind: path.slice(path.lastIndexOf('/') + 1), path, by: 'path' };
  return { verdict: 'violation', reason: `it is run by ${path}, so that is in the image`, tool, trace: [] };
}

const NOTHING_FOUND: Pick<Introduction, 'verdict' | 'reason' | 'tools'> = { verdict: 'ok', tools: [] };

function worst(evidence: readonly Evidence[]): Evidence | undefined {
  return evidence.find(({ verdict }) => verdict === 'violation') ?? evidence[0];
}

function judgement(evidence: readonly Evidence[]): Pick<Introduction, 'verdict' | 'reason' | 'tools'> {
  const decisive = worst(evidence);
  if (decisive === undefined) return NOTHING_FOUND;
  const { verdict, reason, tool } = decisive;
  const said = tool === undefined ? reason : `${tool.kind} reaches the image as ${tool.path}: ${reason}`;
  return { verdict, reason: said, tools: uniqueTools(evidence) };
}

function uniqueTools(evidence: readonly Evidence[]): BroughtTool[] {
  const tools = evidence.flatMap(({ tool }) => tool ?? []);
  return [...new Map(tools.map((tool) => [`${tool.category} ${tool.kind} ${tool.path}`, tool])).values()];
}

/** Every line once, where it comes first. */
function unique(...traces: (readonly SourceLocation[] | undefined)[]): readonly SourceLocation[] {
  const [first = [], ...others] = traces;
  if (first.length < 2 && others.every((trace) => trace === undefined || trace.length === 0)) return first;
  const seen = new Set<number>();
  return traces.flatMap((trace) => trace ?? []).filter(({ line }) => !seen.has(line) && seen.add(line));
}
