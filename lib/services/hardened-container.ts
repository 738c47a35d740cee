import { Size } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DistrolessBase } from '../bases/distroless-base';
import type { ContainerHardeningOptions, ContainerLogOptions } from './container-options';
import { reportWeakening } from './weakening';

/** The port that services listen on when nothing else is said. */
export const DEFAULT_PORT = 8080;

/** The user of Google's and Chainguard's images. */
export const NONROOT_USER = '65532:65532';

export const DEFAULT_TMP_SIZE = Size.mebibytes(64);

/** The container options with everything hardened that they leave open; what they do set stays as it is. */
export function hardenContainer(
  scope: Construct,
  id: string,
  options: ecs.ContainerDefinitionOptions,
  hardening: ContainerHardeningOptions = {},
): ecs.ContainerDefinitionOptions {
  const readonlyRootFilesystem = options.readonlyRootFilesystem ?? hardening.readonlyRootFilesystem ?? true;
  return {
    ...options,
    user: options.user ?? hardening.user ?? NONROOT_USER,
    readonlyRootFilesystem,
    linuxParameters:
      options.linuxParameters ??
      linuxParameters(scope, `${id}LinuxParameters`, { ...hardening, readonlyRootFilesystem }),
    // The image asset asks for DISABLED, in vain, as the constructor overwrites it; ENABLED pins the digest for the deployment.
    versionConsistency: options.versionConsistency ?? ecs.VersionConsistency.ENABLED,
  };
}

function linuxParameters(scope: Construct, id: string, hardening: ContainerHardeningOptions): ecs.LinuxParameters {
  const parameters = new ecs.LinuxParameters(scope, id, { initProcessEnabled: hardening.initProcessEnabled ?? true });
  parameters.dropCapabilities(ecs.Capability.ALL);
  addCapabilities(parameters, hardening.addCapabilities ?? []);
  addTmp(parameters, hardening);
  return parameters;
}

function addCapabilities(parameters: ecs.LinuxParameters, capabilities: ecs.Capability[]): void {
  if (capabilities.length === 0) return;
  parameters.addCapabilities(...capabilities);
  reportWeakening(parameters, 'AddedCapability', `the container keeps the capabilities ${capabilities.join(', ')}`);
}

function addTmp(parameters: ecs.LinuxParameters, hardening: ContainerHardeningOptions): void {
  const size = hardening.tmpSize ?? (hardening.readonlyRootFilesystem ? DEFAULT_TMP_SIZE : Size.mebibytes(0));
  if (size.toMebibytes() === 0) return;
  if (hardening.executableTmp)
    reportWeakening(parameters, 'ExecutableTmp', 'files in /tmp of the container can be executed');
  parameters.addTmpfs({
    containerPath: '/tmp',
    size: size.toMebibytes(),
    mountOptions: tmpMountOptions(hardening.executableTmp ?? false),
  });
}

export function tmpMountOptions(executable: boolean): ecs.TmpfsMountOption[] {
  const { NOSUID, NODEV, NOEXEC } = ecs.TmpfsMountOption;
  return executable ? [NOSUID, NODEV] : [NOSUID, NODEV, NOEXEC];
}

/** The base's user with a group of the same number, as distroless images have it; never root. */
export function userOfBase(base: DistrolessBase | undefined): string {
  const user = base?.user ?? '';
  return /^[1-9]\d*$/.test(user) ? `${user}:${user}` : NONROOT_USER;
}

/** Non-blocking: a blocking driver stops the app when CloudWatch Logs is slow. */
export function containerLogs(streamPrefix: string, options: ContainerLogOptions = {}): ecs.LogDriver {
  return (
    options.logging ??
    ecs.LogDrivers.awsLogs({
      streamPrefix,
      logRetention: options.logRetention ?? logs.RetentionDays.ONE_MONTH,
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    })
  );
}
