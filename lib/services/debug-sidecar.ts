import { Validations } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { Expiry } from './expiry';
import { reportWeakening } from './weakening';

/** Why there is a shell beside the app, and until when. */
export interface DebugSidecarOptions {
  /** Why: a ticket, an incident. Stands in the acknowledgement of the findings that the sidecar causes. */
  readonly reason: string;

  /** The last day, as `YYYY-MM-DD` (UTC). Synthesis fails from the day after. */
  readonly expires: string;

  /**
   * The image with the shell.
   *
   * @default - docker.io/library/busybox:1.37
   */
  readonly image?: ecs.ContainerImage;

  /**
   * Name of the container.
   *
   * @default 'debug'
   */
  readonly containerName?: string;
}

/** What a `DebugSidecar` is made of. */
export interface DebugSidecarProps extends DebugSidecarOptions {
  /** The Fargate task that it is added to. */
  readonly taskDefinition: ecs.FargateTaskDefinition;
}

/** The findings that a container with a shell causes by its nature. */
const EXPECTED_FINDINGS = ['Shell', 'PackageManager', 'NonDistrolessBase', 'Unproven', 'UnpinnedBase', 'WritableRoot'];

/**
 * A container with a shell that sees the processes of the app, and goes away by itself.
 *
 * It shares the PID namespace of the task, so `ps` and the app's `/proc/PID/root` are within reach; the image of the app stays what it
 * is in production. ECS Exec has to be on for the service, and is used on this container:
 * `aws ecs execute-command --container debug --interactive --command sh`.
 *
 * Its findings are acknowledged with the reason and shown as a warning on each synthesis; after the expiry date synthesis fails.
 */
export class DebugSidecar extends Construct {
  /** The container with the shell. */
  public readonly container: ecs.ContainerDefinition;

  public constructor(scope: Construct, id: string, props: DebugSidecarProps) {
    super(scope, id);
    const name = props.containerName ?? 'debug';
    const expiry = new Expiry(props.expires, `the debug sidecar (${props.reason})`);
    if (props.reason.trim() === '') throw new Error(`${this.node.path}: reason: say why a shell is needed, got ''`);
    this.node.addValidation({ validate: () => expiry.problems() });
    sharePids(props.taskDefinition);
    this.container = props.taskDefinition.addContainer(name, {
      image: props.image ?? ecs.ContainerImage.fromRegistry('docker.io/library/busybox:1.37'),
      essential: false,
      command: ['sleep', '2147483647'],
      // The agent of ECS Exec writes to the root filesystem, and runs as root whatever the user.
      readonlyRootFilesystem: false,
      linuxParameters: this.linuxParameters(),
    });
    this.acknowledge(props, name);
    reportWeakening(this, 'DebugSidecar', `${name} has a shell beside the app until ${props.expires}: ${props.reason}`);
  }

  /** Root needs SYS_PTRACE, the one capability that Fargate grants, to look into the processes of another user. */
  private linuxParameters(): ecs.LinuxParameters {
    const parameters = new ecs.LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true });
    parameters.dropCapabilities(ecs.Capability.ALL);
    parameters.addCapabilities(ecs.Capability.SYS_PTRACE);
    return parameters;
  }

  private acknowledge(props: DebugSidecarProps, name: string): void {
    const reason = `debug sidecar until ${props.expires}: ${props.reason}`;
    const rules = EXPECTED_FINDINGS.map((rule) => ({ id: `Distroless::${rule}[${name}]`, reason }));
    Validations.of(props.taskDefinition).acknowledge(...rules);
  }
}

/** With `pidMode: task` the containers of a task see each other's processes. */
function sharePids(taskDefinition: ecs.FargateTaskDefinition): void {
  const resource = taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
  resource.pidMode = ecs.PidMode.TASK;
}
