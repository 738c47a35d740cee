import type { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { DistrolessImage } from '../images/distroless-image';
import type { ContainerHardeningOptions, ContainerLogOptions } from './container-options';
import { containerLogs, DEFAULT_PORT, hardenContainer, userOfBase } from './hardened-container';
import type { HealthProbe } from './health-probe';

/** What runs in a task, and how it is locked down. */
export interface DistrolessTaskOptions
  extends ContainerHardeningOptions, ContainerLogOptions, ecs.CommonTaskDefinitionProps {
  /** The image. Its architecture is that of the task. */
  readonly image: DistrolessImage;

  /**
   * Name of the container.
   *
   * @default 'app'
   */
  readonly containerName?: string;

  /**
   * Arguments for the image's entrypoint, in exec form; no shell expands them.
   *
   * @default - those of the image
   */
  readonly command?: string[];

  /**
   * Environment variables. Not for secrets: they can be read in the console (Security Hub's ECS.8).
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables from Secrets Manager or the Parameter Store.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * CPU units of the task.
   *
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of the task in MiB.
   *
   * @default 512
   */
  readonly memoryLimitMiB?: number;

  /**
   * Ephemeral storage of the task in GiB, 21 to 200.
   *
   * @default 20
   */
  readonly ephemeralStorageGiB?: number;

  /**
   * Time between SIGTERM and SIGKILL, at most two minutes. PID 1 passes the signal on to the program itself; there is no start
   * script that could swallow it.
   *
   * @default Duration.seconds(30)
   */
  readonly stopTimeout?: Duration;
}

/** What a `DistrolessTaskDefinition` is made of. */
export interface DistrolessTaskDefinitionProps extends DistrolessTaskOptions {
  /**
   * The port that the container listens on; 0 when it listens on none. A user other than root cannot listen below 1024.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * The health check that ECS runs in the container.
   *
   * @default - none
   */
  readonly healthProbe?: HealthProbe;
}

/**
 * A Fargate task whose container needs no shell and gets by with the fewest rights.
 *
 * Numeric user, read-only root filesystem, in-memory `/tmp`, no capabilities, an init process, logs that never block, the image's own
 * architecture. It is a `FargateTaskDefinition`: everything in CDK that takes one takes this.
 */
export class DistrolessTaskDefinition extends ecs.FargateTaskDefinition {
  /** The container of the image. */
  public readonly container: ecs.ContainerDefinition;

  public constructor(scope: Construct, id: string, props: DistrolessTaskDefinitionProps) {
    super(scope, id, {
      ...taskProps(props),
      runtimePlatform: {
        cpuArchitecture: props.image.architecture,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
    });
    const containerName = props.containerName ?? 'app';
    const port = props.port ?? DEFAULT_PORT;
    this.container = super.addContainer(
      containerName,
      hardenContainer(
        this,
        containerName,
        {
          image: props.image.toContainerImage(),
          command: props.command,
          environment: props.environment,
          secrets: props.secrets,
          stopTimeout: props.stopTimeout,
          logging: containerLogs(this.node.id, props),
          healthCheck: props.healthProbe?.toContainerHealthCheck({ image: props.image, port }),
          portMappings: port === 0 ? undefined : [{ containerPort: port }],
        },
        { ...props, user: props.user ?? userOfBase(props.image.base) },
      ),
    );
  }

  /** Adds a container beside the image's: hardened as that is, as far as the options leave it open. */
  public override addContainer(id: string, props: ecs.ContainerDefinitionOptions): ecs.ContainerDefinition {
    return super.addContainer(id, hardenContainer(this, id, { ...props, logging: props.logging ?? containerLogs(id) }));
  }
}

function taskProps(props: DistrolessTaskOptions): ecs.FargateTaskDefinitionProps {
  const { family, executionRole, taskRole, proxyConfiguration, volumes, enableFaultInjection } = props;
  const { cpu, memoryLimitMiB, ephemeralStorageGiB } = props;
  return {
    ...{ family, executionRole, taskRole, proxyConfiguration, volumes, enableFaultInjection },
    ...{ cpu, memoryLimitMiB, ephemeralStorageGiB },
  };
}
