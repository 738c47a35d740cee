import type { DistrolessBase } from '../bases/distroless-base';
import { tryParseReference } from '../bases/reference';
import type { FileCopy, StageText } from './dockerfile-text';
import { cmd, entrypoint, env, label } from './dockerfile-text';
import type { Project } from './project';
import { certificateVariables } from './stages/certificates';

export interface RuntimeStageOptions {
  /** The program and what it needs; absolute destinations. */
  readonly files: readonly FileCopy[];
  /** Variables that the language wants; the user's own win. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  /** Without one, that of the base stays. */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
}

/**
 * The stage that becomes the image.
 *
 * Files are copied before WORKDIR and USER: a directory that COPY makes belongs to root, and one that WORKDIR makes belongs to the
 * user of the image, who could then replace what is in it.
 */
export function runtimeStage(project: Project, options: RuntimeStageOptions): StageText {
  const { base, props } = project;
  return {
    from: project.image(base.reference),
    files: options.files,
    instructions: [
      ...env({ ...certificateVariables(project), ...timeZone(project), ...options.environment, ...props.environment }),
      ...label({ ...baseLabels(base), ...props.labels }),
      ...(options.workdir === undefined ? [] : [`WORKDIR ${options.workdir}`]),
      `USER ${userOf(base)}`,
      ...(options.entrypoint === undefined ? [] : [entrypoint(options.entrypoint)]),
      ...(options.cmd === undefined || options.cmd.length === 0 ? [] : [cmd(options.cmd)]),
    ],
  };
}

/** https://github.com/opencontainers/image-spec/blob/main/annotations.md */
function baseLabels({ reference, upstream }: DistrolessBase): Record<string, string> {
  const digest = tryParseReference(reference)?.digest;
  return {
    'org.opencontainers.image.base.name': upstream,
    ...(digest === undefined ? {} : { 'org.opencontainers.image.base.digest': digest }),
  };
}

/** Bases without zones know UTC only, and would take another for it in silence. */
function timeZone({ base, props, refusals }: Project): Record<string, string> {
  if (props.timeZone === undefined) return {};
  if (base.reference === 'scratch' || /-chiseled$/.test(base.reference)) {
    refusals.refuse('timeZone', props.timeZone, `base ${base.reference} has no time zones`, 'use a base that has them');
  }
  return { TZ: props.timeZone };
}

/** The user that distroless images agree on for programs that need no privileges. */
const NONROOT = '65532';

/** The base's own user, and never root. */
function userOf({ user = '0' }: DistrolessBase): string {
  return /^(0|root)(:|$)/.test(user) ? NONROOT : user;
}
