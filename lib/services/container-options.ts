import type { Size } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';

/** How a container is locked down. Every default can be changed; a change that weakens shows as a finding or a warning. */
export interface ContainerHardeningOptions {
  /**
   * The user, numeric, as `uid` or `uid:gid`.
   *
   * Security Hub's ECS.20 wants it in the task definition, whatever the image says.
   *
   * @default - the user of the image's base, or 65532:65532 where that is root or not known
   */
  readonly user?: string;

  /**
   * Whether the root filesystem is read-only.
   *
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;

  /**
   * Size of the in-memory `/tmp`, which counts towards the memory of the task; `Size.mebibytes(0)` leaves it away.
   *
   * @default - 64 MiB, unless the root filesystem is writable
   */
  readonly tmpSize?: Size;

  /**
   * Whether files in `/tmp` may be executed, as Java libraries need that unpack native code there.
   *
   * @default false
   */
  readonly executableTmp?: boolean;

  /**
   * Linux capabilities to keep. Fargate takes none but `SYS_PTRACE`.
   *
   * @default - none: ALL are dropped
   */
  readonly addCapabilities?: ecs.Capability[];

  /**
   * Whether an init process runs as PID 1, forwards signals and reaps children; needs no shell.
   *
   * @default true
   */
  readonly initProcessEnabled?: boolean;
}

/** How a container's output is kept. It is the only view into a container without a shell. */
export interface ContainerLogOptions {
  /**
   * Where the output goes.
   *
   * @default - CloudWatch Logs, in a group of its own, non-blocking with a buffer of 25 MiB
   */
  readonly logging?: ecs.LogDriver;

  /**
   * How long CloudWatch Logs keeps it. Only without `logging`.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}
