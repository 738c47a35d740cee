import type { CommandLine, HealthCheckInstruction, ImageDescription, Traced } from './analysis';

/** What an image says of how it is to be run; it is inherited from stage to stage. */
export interface RunConfig {
  /** The environment of the image, without what only the build sees. */
  env: Map<string, string>;
  labels: Map<string, string>;
  ports: Map<string, Traced<string>>;
  user?: Traced<string>;
  workdir?: Traced<string>;
  entrypoint?: Traced<CommandLine>;
  cmd?: Traced<CommandLine>;
  healthCheck?: Traced<HealthCheckInstruction>;
  /** The shell of the shell form. */
  shell?: Traced<readonly string[]>;
}

export function inheritRunConfig(config: RunConfig): RunConfig {
  return { ...config, env: new Map(config.env), labels: new Map(config.labels), ports: new Map(config.ports) };
}

/** The settings of an image as far as they are known. */
export function describedRunConfig(description: ImageDescription): RunConfig {
  const exec = (argv: readonly string[] | undefined): Traced<CommandLine> | undefined =>
    argv === undefined || argv.length === 0 ? undefined : { value: { argv, form: 'exec' } };
  return {
    env: new Map(Object.entries(description.env ?? {})),
    labels: new Map(),
    ports: new Map(),
    user: traced(description.user),
    workdir: traced(description.workdir),
    entrypoint: exec(description.entrypoint),
    cmd: exec(description.cmd),
  };
}

function traced(value: string | undefined): Traced<string> | undefined {
  return value === undefined || value === '' ? undefined : { value };
}

/** The command that a shell form stands for. */
export function shellCommand(config: RunConfig, args: readonly string[]): string[] {
  return [...(config.shell?.value ?? ['/bin/sh', '-c']), args.join(' ')];
}
