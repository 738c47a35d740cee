import { baseStanding, isFromBase } from './base-standing';
import type { ToolFact, Trace } from './image-facts';
import type { Subject, Violation } from './rule';

/** Finds of one kind that one instruction or one layer brings; they are one finding. */
interface ToolGroup {
  readonly kind: string;
  readonly tools: readonly ToolFact[];
}

/**
 * The tools that are worth a finding of their own: one for each kind and each place that brings it.
 *
 * What a base of ill repute holds is not repeated, when the base itself is reported.
 */
export function toolViolations(subject: Subject, tools: readonly ToolFact[]): readonly Violation[] {
  const reported = ['debug-variant', 'not-distroless', 'has-shell'].includes(baseStanding(subject));
  const own = reported ? tools.filter((tool) => !isFromBase(tool, subject.facts) && !isNeededByRun(tool)) : tools;
  return groups(own).map((group) => ({
    message: message(group),
    trace: group.tools[0].trace,
    fix: fix(group.tools[0].trace),
  }));
}

function groups(tools: readonly ToolFact[]): readonly ToolGroup[] {
  const found = new Map<string, ToolFact[]>();
  for (const tool of tools) {
    const key = `${tool.kind} ${placeOf(tool.trace)}`;
    const group = found.get(key);
    if (group) group.push(tool);
    else found.set(key, [tool]);
  }
  return [...found.values()].map((group) => ({ kind: group[0].kind, tools: group.toSorted(byRenown) }));
}

/** The shell that a RUN is run by was there before. */
function isNeededByRun({ trace }: ToolFact): boolean {
  return instructionOf(trace) === 'RUN';
}

/** The line or the layer that brings it. */
function placeOf(trace: Trace): string {
  const [first] = trace;
  if (!first) return '';
  return 'file' in first ? `${first.file}:${first.line}` : `layer ${first.layer}`;
}

/** Of the many names of a busybox, people know /bin/sh best. */
function byRenown(one: ToolFact, other: ToolFact): number {
  const rank = ({ path, kind }: ToolFact) => (path === '/bin/sh' ? 0 : path.endsWith(`/${kind}`) ? 1 : 2);
  return rank(one) - rank(other) || one.path.length - other.path.length || (one.path < other.path ? -1 : 1);
}

function message({ kind, tools }: ToolGroup): string {
  const [first] = tools;
  const others = new Set(tools.map((tool) => tool.path)).size - 1;
  const names = others === 0 ? '' : ` and ${others} other name${others === 1 ? '' : 's'}`;
  const disguise = first.by === 'content' && !first.path.endsWith(`/${kind}`) ? ', known by its content' : '';
  return `${kind} ${arrival(first.trace)} as ${first.path}${names}${disguise}`;
}

function arrival(trace: Trace): string {
  const instruction = instructionOf(trace);
  if (instruction === undefined) return 'is in the image';
  return instruction === 'RUN' ? 'is needed or left by a RUN of the final image' : 'reaches the final image';
}

function fix(trace: Trace): string {
  const instead = 'for a health check use HealthProbe, for debugging DebugSidecar';
  switch (instructionOf(trace)) {
    case undefined:
      return `leave it out of the image; ${instead}`;
    case 'FROM':
      return `build on a base without it; ${instead}`;
    case 'RUN':
      return 'run it in a builder stage, and copy what it produces';
    default:
      return `drop the ${instructionOf(trace)}; ${instead}`;
  }
}

/** The instruction that a trace starts with; none when it starts in a layer. */
function instructionOf([first]: Trace): string | undefined {
  return first && 'file' in first ? /^\s*([a-z]+)/i.exec(first.text)?.[1].toUpperCase() : undefined;
}
