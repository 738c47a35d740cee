import type { DistrolessBase } from '../bases/distroless-base';
import type { FileCopy, StageText } from './dockerfile-text';
import { cmd, entrypoint, env, label } from './dockerfile-text';
import type { Project } from './project';

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
      ...env({ ...options.environment, ...props.environment }),
      ...label({ 'org.opencontainers.image.base.name': base.upstream, ...props.labels }),
      ...(options.workdir === undefined ? [] : [`WORKDIR ${options.workdir}`]),
      `USER ${userOf(base)}`,
      ...(options.entrypoint === undefined ? [] : [entrypoint(options.entrypoint)]),
      ...(options.cmd === undefined || options.cmd.length === 0 ? [] : [cmd(options.cmd)]),
    ],
  };
}

/** The user that distroless images agree on for programs that need no privileges. */
const NONROOT = '65532';

/** The base's own user, and never root. */
function userOf({ user = '0' }: DistrolessBase): string {
  return /^(0|root)(:|$)/.test(user) ? NONROOT : user;
}
