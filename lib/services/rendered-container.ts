import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ContainerHardeningOptions } from './container-options';
import { DEFAULT_TMP_SIZE, NONROOT_USER, tmpMountOptions } from './hardened-container';

type Container = ecs.CfnTaskDefinition.ContainerDefinitionProperty;
type LinuxParameters = ecs.CfnTaskDefinition.LinuxParametersProperty;
type Tmpfs = ecs.CfnTaskDefinition.TmpfsProperty;
type LogConfiguration = ecs.CfnTaskDefinition.LogConfigurationProperty;

export function isWindows(platform: ecs.CfnTaskDefinition.RuntimePlatformProperty | undefined): boolean {
  return platform?.operatingSystemFamily?.startsWith('WINDOWS') ?? false;
}

/** A container of an L1 task definition, its tokens resolved, with what it leaves open hardened. */
export function hardenRendered(container: Container, options: ContainerHardeningOptions): Container {
  // A FireLens router runs as root and writes its configuration.
  if (container.firelensConfiguration !== undefined) return container;
  const readonlyRootFilesystem = container.readonlyRootFilesystem ?? options.readonlyRootFilesystem ?? true;
  return {
    ...container,
    user: container.user ?? options.user ?? NONROOT_USER,
    readonlyRootFilesystem,
    linuxParameters: hardenLinux(container, options, readonlyRootFilesystem === true),
    logConfiguration: neverBlocking(container.logConfiguration as LogConfiguration | undefined),
    versionConsistency: container.versionConsistency ?? ecs.VersionConsistency.ENABLED,
  };
}

function hardenLinux(container: Container, options: ContainerHardeningOptions, readonly: boolean): LinuxParameters {
  const given = (container.linuxParameters ?? {}) as LinuxParameters;
  const capabilities = (given.capabilities ?? {}) as ecs.CfnTaskDefinition.KernelCapabilitiesProperty;
  const tmpfs = (given.tmpfs ?? []) as Tmpfs[];
  return {
    ...given,
    initProcessEnabled: given.initProcessEnabled ?? options.initProcessEnabled ?? true,
    capabilities: {
      add: capabilities.add ?? options.addCapabilities,
      drop: capabilities.drop ?? [ecs.Capability.ALL],
    },
    tmpfs: readonly && !hasTmp(container, tmpfs) ? [...tmpfs, ...tmp(options)] : given.tmpfs,
  };
}

function hasTmp(container: Container, tmpfs: Tmpfs[]): boolean {
  const mounts = (container.mountPoints ?? []) as ecs.CfnTaskDefinition.MountPointProperty[];
  return [...tmpfs, ...mounts].some((mount) => mount.containerPath === '/tmp');
}

function tmp(options: ContainerHardeningOptions): Tmpfs[] {
  const size = (options.tmpSize ?? DEFAULT_TMP_SIZE).toMebibytes();
  return size === 0
    ? []
    : [{ containerPath: '/tmp', size, mountOptions: tmpMountOptions(options.executableTmp ?? false) }];
}

function neverBlocking(logs: LogConfiguration | undefined): LogConfiguration | undefined {
  if (logs?.logDriver !== 'awslogs') return logs;
  const given = logs.options as Record<string, string> | undefined;
  if (given?.mode !== undefined) return logs;
  return { ...logs, options: { ...given, mode: 'non-blocking', 'max-buffer-size': '25m' } };
}
