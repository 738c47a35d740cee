import type { BaseVerdict } from '../../bases/base-verdict';
import type { Mirrors } from '../../bases/mirrors';
import { recognise } from '../../bases/recognise';
import type { CommandLine, DockerfileAnalysis, SourceLocation, Traced } from '../../dockerfile/analysis';

/** Something that keeps an image from being without a shell, or from being known to be. */
export interface Problem {
  readonly message: string;
  readonly trace: readonly SourceLocation[];
  readonly fix?: string;
}

/** What a Dockerfile proves of its image. */
export interface Judgement {
  readonly violations: readonly Problem[];
  readonly unproven: readonly Problem[];
  /** What is known of the base; undefined where it is no image. */
  readonly base?: BaseVerdict;
}

export interface JudgementOptions {
  readonly mirrors: Mirrors;
  /** Reference of a base that the user answers for, though the catalogue does not know it. */
  readonly vouchedFor?: string;
}

interface Graded extends Problem {
  readonly grade: 'violation' | 'unproven';
}

/** Judges what was learnt of a Dockerfile as the guard does with its defaults; a construct has no policy at hand. */
export function judge(analysis: DockerfileAnalysis, options: JudgementOptions): Judgement {
  const base = baseVerdict(analysis, options.mirrors);
  const problems =
    analysis.refusal === undefined
      ? [...baseProblems(analysis, options, base), ...contentProblems(analysis)]
      : refusal(analysis);
  return {
    violations: problems.filter(({ grade }) => grade === 'violation'),
    unproven: problems.filter(({ grade }) => grade === 'unproven'),
    base,
  };
}

/** Problems in the form that compilers have for theirs. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

function formatProblem({ message, trace, fix }: Problem): string {
  const lines = trace.map(({ file, line, text }) => `    ${file}:${line}   ${text}`);
  return [`  ${message}`, ...lines, ...(fix === undefined ? [] : [`  fix: ${fix}`])].join('\n');
}

function refusal({ refusal: refused }: DockerfileAnalysis): Graded[] {
  const message = `it cannot be built: ${refused?.message}`;
  return [{ grade: 'violation', message, trace: refused?.location === undefined ? [] : [refused.location] }];
}

function baseVerdict({ base }: DockerfileAnalysis, mirrors: Mirrors): BaseVerdict | undefined {
  if (base.kind === 'scratch') return recognise('scratch');
  return base.kind === 'image' ? recognise(base.reference, { mirrors }) : undefined;
}

function baseProblems(
  { base, baseChain }: DockerfileAnalysis,
  options: JudgementOptions,
  verdict?: BaseVerdict,
): Graded[] {
  if (base.kind === 'context') {
    const message = `base ${base.name} is taken from the build context ${base.value}, which is no image`;
    return [{ grade: 'unproven', message, trace: [base.location], fix: 'base the image on a reference' }];
  }
  if (base.kind === 'unresolved') return [];
  return verdict === undefined ? [] : verdictProblems(verdict, base, baseChain, options);
}

function verdictProblems(
  verdict: BaseVerdict,
  base: Extract<DockerfileAnalysis['base'], { kind: 'image' | 'scratch' }>,
  trace: readonly SourceLocation[],
  { vouchedFor }: JudgementOptions,
): Graded[] {
  const reference = base.kind === 'image' ? base.reference : 'scratch';
  const known = verdict.kind === 'shell' || verdict.kind === 'not-distroless';
  if (verdict.kind === 'distroless' || (!known && isVouchedFor(reference, vouchedFor))) return [];
  const fix =
    verdict.replacement === undefined
      ? 'use a distroless base; if this is one, say so with the prop base'
      : `use ${verdict.replacement}`;
  return [{ grade: known ? 'violation' : 'unproven', message: `base ${reference} ${verdict.reason}`, trace, fix }];
}

function isVouchedFor(reference: string, vouchedFor?: string): boolean {
  return vouchedFor !== undefined && recognise(vouchedFor).reference === recognise(reference).reference;
}

function contentProblems(analysis: DockerfileAnalysis): Graded[] {
  const brought = analysis.introductions.flatMap(({ verdict, reason, subject, trace }): Graded[] =>
    verdict === 'ok' ? [] : [{ grade: verdict, message: reason ?? subject, trace }],
  );
  const unproven = analysis.unproven.map(({ reason, location }): Graded => {
    return { grade: 'unproven', message: reason, trace: location === undefined ? [] : [location] };
  });
  return [...brought, ...unproven, ...shellForms(analysis)];
}

/** ENTRYPOINT and CMD in shell form start `/bin/sh -c`, and there is none. */
function shellForms({ entrypoint, cmd }: DockerfileAnalysis): Graded[] {
  const commands: ReadonlyArray<readonly [string, Traced<CommandLine> | undefined]> = [
    ['ENTRYPOINT', entrypoint],
    ['CMD', cmd],
  ];
  return commands.flatMap(([name, command]): Graded[] => {
    if (command?.location === undefined || command.value.form !== 'shell') return [];
    const fix = `write it as ${name} ["program", "argument"]`;
    return [{ grade: 'violation', message: `${name} needs a shell to start`, trace: [command.location], fix }];
  });
}
