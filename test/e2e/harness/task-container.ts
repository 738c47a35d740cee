/** The part of a container definition in an `AWS::ECS::TaskDefinition` that says how the container is run. */
export interface ContainerDefinition {
  readonly Name: string;
  readonly Image: unknown;
  readonly Command?: readonly string[];
  readonly EntryPoint?: readonly string[];
  readonly Environment?: ReadonlyArray<{ readonly Name: string; readonly Value: unknown }>;
  readonly HealthCheck?: { readonly Command: readonly string[] };
  readonly LinuxParameters?: {
    readonly Capabilities?: { readonly Add?: readonly string[]; readonly Drop?: readonly string[] };
    readonly InitProcessEnabled?: boolean;
    readonly Tmpfs?: readonly Tmpfs[];
  };
  readonly MountPoints?: ReadonlyArray<{ readonly ContainerPath: string }>;
  readonly PortMappings?: ReadonlyArray<{ readonly ContainerPort: number }>;
  readonly ReadonlyRootFilesystem?: boolean;
  readonly StopTimeout?: number;
  readonly User?: string;
  readonly WorkingDirectory?: string;
}

interface Tmpfs {
  readonly ContainerPath: string;
  /** In MiB. */
  readonly Size: number;
  readonly MountOptions?: readonly string[];
}

/** What Fargate gives a container that does not say when to kill it. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

export function stopTimeoutSeconds(definition: ContainerDefinition): number {
  return definition.StopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS;
}

/**
 * The options by which `docker run` does what the container agent does with a container definition. Beyond it: no
 * capability at all and no new privileges, as that is what the images promise to get along with.
 */
export function runOptions(definition: ContainerDefinition): string[] {
  const { LinuxParameters: linux, EntryPoint: entryPoint = [] } = definition;
  const literal = (definition.Environment ?? []).filter(({ Value }) => typeof Value === 'string');
  const each = (flag: string, values: readonly string[] = []): string[] => values.flatMap((value) => [flag, value]);
  return [
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...(definition.ReadonlyRootFilesystem ? ['--read-only'] : []),
    ...(linux?.InitProcessEnabled ? ['--init'] : []),
    ...each('--tmpfs', temporaryPaths(definition)),
    ...each('--user', definition.User === undefined ? [] : [definition.User]),
    ...each('--workdir', definition.WorkingDirectory === undefined ? [] : [definition.WorkingDirectory]),
    ...each(
      '--env',
      literal.map(({ Name, Value }) => `${Name}=${String(Value)}`),
    ),
    ...each(
      '--publish',
      (definition.PortMappings ?? []).map(({ ContainerPort }) => `127.0.0.1::${ContainerPort}`),
    ),
    ...each('--entrypoint', entryPoint.slice(0, 1)),
  ];
}

/** What follows the image: the rest of an entry point, and the command. */
export function runArguments({ EntryPoint = [], Command = [] }: ContainerDefinition): string[] {
  return [...EntryPoint.slice(1), ...Command];
}

function temporaryPaths({ LinuxParameters, MountPoints = [] }: ContainerDefinition): string[] {
  const tmpfs = (LinuxParameters?.Tmpfs ?? []).map(
    ({ ContainerPath, Size, MountOptions = [] }) => `${ContainerPath}:${[`size=${Size}m`, ...MountOptions].join(',')}`,
  );
  return [...tmpfs, ...MountPoints.map(({ ContainerPath }) => ContainerPath)];
}
