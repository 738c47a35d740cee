import type { BroughtTool, BuildRequest, Introduction, SourceLocation } from '../analysis';
import type { BuildStage } from '../build-stage';
import type { FinishedStage } from '../carry-out';
import { placeOf } from '../carry-out';
import type { CopyStep, FileStep, RunStep } from '../file-step';
import { placesOfWords } from '../instruction-node';
import type { Place } from '../refusal';
import { ContextFiles } from './context-files';
import type { Evidence } from './evidence';
import { toolsOf } from './file-content';
import { FileSystems } from './file-systems';
import type { CopySource } from './file-systems';
import { toolByName } from './known-paths';
import { absolutePath } from './path-pattern';
import { Placement } from './placement';
import { copiesOf, copyFromMount } from './run-copies';
import { shellOf } from './stage-files';

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
    const places = placesOfWords(step.command.instruction.node, step.sources);
    return this.systems.sourcesOf(step).map((source, index) => {
      const written = step.sources[index] ?? source.files.label;
      const evidence = excluding(step, this.evidence(step, source));
      return {
        instruction: step.kind === 'copy' ? 'COPY' : 'ADD',
        subject: written === source.files.label ? written : `${written} from ${source.files.label}`,
        trace: unique([...this.own(step, places[index]), ...source.files.trace, ...(worst(evidence)?.trace ?? [])]),
        ...judgement(evidence),
      };
    });
  }

  private evidence(step: CopyStep, { source, files }: CopySource): Evidence[] {
    const placement = new Placement(step, source, files);
    const brought = placement.all();
    const named = brought.some(({ tool }) => tool !== undefined) ? [] : namedAsTool(placement, source, files);
    const parents: Evidence[] =
      step.parents && !(files instanceof ContextFiles)
        ? [{ verdict: 'unproven', reason: `what --parents takes from ${files.label} is not known`, trace: [] }]
        : [];
    return [...brought, ...named, ...parents];
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
      trace: unique([...this.own(step), ...(copied[0]?.trace ?? [])]),
      ...judgement(evidence),
    };
  }

  private copiedFromMounts(step: RunStep): Evidence[] {
    if (step.mounts.every(({ from }) => from === '')) return [];
    return copiesOf(step).flatMap((copy) => copyFromMount(step, copy, (stage) => this.systems.ofStage(stage)));
  }

  /** The instruction itself; of a triggered one, what set it off and what held it back. */
  private own({ command }: FileStep, place?: Place): SourceLocation[] {
    const { trigger } = command;
    if (trigger === undefined) {
      return [this.locate(place ?? placeOf(command))];
    }
    const held = trigger.onbuild?.line.place();
    return [this.locate(trigger.place), ...(held ? [this.locate(held)] : [])];
  }
}

/** A file that gets the name of a tool is one, unless its content says that it cannot be. */
function namedAsTool(placement: Placement, source: string, files: CopySource['files']): Evidence[] {
  const path = absolutePath(source);
  if (files.typeOf(path) === 'directory') return [];
  const [target] = placement.fileTargets();
  const content = files.contentOf(path);
  const byName = content === undefined ? [toolByName(target, 'path')] : [];
  const byContent = content === undefined || 'unreadable' in content ? [] : toolsOf(content, target);
  return [...byName, ...byContent].flatMap((tool) => {
    if (tool === undefined) return [];
    const reason = `${source} of ${files.label} becomes ${target}, where a ${tool.category} belongs`;
    return [{ verdict: 'violation', reason, tool, trace: [] }];
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

/** With `--exclude`, a tool that is found in a directory may be what is left out. */
function excluding(step: CopyStep, evidence: readonly Evidence[]): Evidence[] {
  if (step.exclude.length === 0) return [...evidence];
  const reason = ({ reason }: Evidence): string => `${reason}; whether --exclude leaves it out is not known`;
  return evidence.map((item) => ({ verdict: 'unproven', reason: reason(item), trace: item.trace }));
}

function worst(evidence: readonly Evidence[]): Evidence | undefined {
  return evidence.find(({ verdict }) => verdict === 'violation') ?? evidence[0];
}

function judgement(evidence: readonly Evidence[]): Pick<Introduction, 'verdict' | 'reason' | 'tools'> {
  const decisive = worst(evidence);
  if (decisive === undefined) return { verdict: 'ok', tools: [] };
  const { verdict, reason, tool } = decisive;
  const said = tool === undefined ? reason : `${tool.kind} reaches the image as ${tool.path}: ${reason}`;
  return { verdict, reason: said, tools: uniqueTools(evidence) };
}

function uniqueTools(evidence: readonly Evidence[]): BroughtTool[] {
  const tools = evidence.flatMap(({ tool }) => tool ?? []);
  return [...new Map(tools.map((tool) => [`${tool.category} ${tool.kind} ${tool.path}`, tool])).values()];
}

/** Every line once, where it comes first. */
function unique(trace: readonly SourceLocation[]): SourceLocation[] {
  const seen = new Set<number>();
  return trace.filter(({ line }) => !seen.has(line) && seen.add(line));
}
