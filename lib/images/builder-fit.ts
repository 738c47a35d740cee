import type { BuildTool } from '../bases/distroless-base';
import { BaseLibc, BaseRuntime } from '../bases/distroless-base';
import { tryParseReference } from '../bases/reference';
import type { Project } from './project';

/** Debian's releases, which official images carry in their tags. */
const RELEASES = ['bullseye', 'bookworm', 'trixie', 'forky', 'sid'];

/** Official images whose tag starts with the version of the runtime, and how much of it must be the base's. */
const RUNTIMES: ReadonlyArray<readonly [string, BaseRuntime, RegExp]> = [
  ['library/node', BaseRuntime.NODEJS, /^\d+/],
  ['library/python', BaseRuntime.PYTHON, /^\d+\.\d+/],
];

/**
 * Refuses a builder that makes native code which the base cannot run: another C library, release or runtime version.
 *
 * Only the official images say so in their tags; of others nothing is known.
 */
export function checkBuilder(project: Project, tool: BuildTool): void {
  const { builder } = project.props;
  const tag = builder === undefined ? undefined : tryParseReference(builder)?.tag;
  if (tag === undefined) return;
  const misfit = libcMisfit(project, tag) ?? releaseMisfit(project, tag) ?? versionMisfit(project);
  if (misfit === undefined) return;
  project.refusals.refuse('builder', builder, misfit, `use ${project.base.builderImage(tool)}`);
}

function libcMisfit({ base }: Project, tag: string): string | undefined {
  if (!/(^|-)alpine/.test(tag) || base.libc !== BaseLibc.GLIBC) return undefined;
  return `what it builds needs musl, and base ${base.reference} has glibc`;
}

function releaseMisfit({ base }: Project, tag: string): string | undefined {
  const release = RELEASES.find((name) => tag.split('-').includes(name));
  if (release === undefined || base.release === undefined || !RELEASES.includes(base.release)) return undefined;
  return release === base.release
    ? undefined
    : `it is Debian ${release}, and base ${base.reference} is ${base.release}`;
}

function versionMisfit({ base, props }: Project): string | undefined {
  const reference = tryParseReference(props.builder ?? '');
  const known = RUNTIMES.find(
    ([repository, runtime]) => reference?.repository === repository && base.runtime === runtime,
  );
  const version = known?.[2].exec(reference?.tag ?? '')?.[0];
  if (version === undefined || base.runtimeVersion === undefined || version === base.runtimeVersion) return undefined;
  return `it has version ${version} of ${base.runtime}, and base ${base.reference} has ${base.runtimeVersion}`;
}
