import { Duration } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { DistrolessImage } from '../images/distroless-image';
import { probeProgram, tryProbeProgram } from './probe-program';

/** When a probe is run, and what is made of its answers. */
export interface HealthProbeTiming {
  /**
   * Time between two probes, 5 to 300 seconds.
   *
   * @default Duration.seconds(15)
   */
  readonly interval?: Duration;

  /**
   * Time for one answer, 2 to 120 seconds; no answer is a bad answer.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * Bad answers in a row that make the container unhealthy, 1 to 10.
   *
   * @default 3
   */
  readonly retries?: number;

  /**
   * Time after the start in which bad answers do not count, up to 300 seconds.
   *
   * @default Duration.seconds(30)
   */
  readonly startPeriod?: Duration;
}

/** A probe that opens a connection to the container's own port. */
export interface TcpProbeOptions extends HealthProbeTiming {
  /**
   * The port to ask.
   *
   * @default - the port of the container
   */
  readonly port?: number;
}

/** A probe that makes a GET request. */
export interface HttpProbeOptions extends TcpProbeOptions {
  /**
   * The path, with query.
   *
   * @default '/healthz'
   */
  readonly path?: string;

  /**
   * The lowest status that counts as healthy.
   *
   * @default 200
   */
  readonly lowestStatus?: number;

  /**
   * The highest status that counts as healthy. Redirects are not followed.
   *
   * @default 299
   */
  readonly highestStatus?: number;
}

/** A probe that calls `grpc.health.v1.Health/Check` without TLS. */
export interface GrpcProbeOptions extends TcpProbeOptions {
  /**
   * The service to ask for, up to 127 characters.
   *
   * @default - the server as a whole
   */
  readonly service?: string;
}

/** The container that a probe is for. */
export interface HealthProbeTarget {
  /** The image, whose base says what can run the probe. */
  readonly image: DistrolessImage;

  /** The port that the container listens on. */
  readonly port: number;
}

/**
 * A health check that needs no shell, and neither curl nor wget.
 *
 * ECS ignores the HEALTHCHECK of an image, and turns a one-word command into `CMD-SHELL`, which a container without a shell never
 * answers. A probe is run by what the image has anyway: Node, Python or Java, the program itself, or the small binary that the
 * image's `healthProbe` prop adds.
 */
export abstract class HealthProbe {
  /** Healthy when a GET request is answered with a good status. */
  public static http(options: HttpProbeOptions = {}): HealthProbe {
    return new HttpProbe(options);
  }

  /** Healthy when the port accepts connections. Says little: a server that hangs still accepts. */
  public static tcp(options: TcpProbeOptions = {}): HealthProbe {
    return new NetworkProbe(options, 'tcp', []);
  }

  /** Healthy when the gRPC health service answers SERVING. */
  public static grpc(options: GrpcProbeOptions = {}): HealthProbe {
    if ((options.service ?? '').length > 127)
      throw new Error(`service: at most 127 characters, got '${options.service}'`);
    return new NetworkProbe(options, 'grpc', options.service ? [options.service] : []);
  }

  /**
   * Healthy when a program in the image exits with 0: most often the app itself with a flag, such as `['/app', '-healthcheck']`.
   *
   * @param command the program and its arguments; no shell is involved, so nothing is expanded
   */
  public static command(command: string[], timing: HealthProbeTiming = {}): HealthProbe {
    return new CommandProbe(command, timing);
  }

  /** @internal */
  protected constructor(
    /** @internal */
    protected readonly _timing: HealthProbeTiming,
  ) {}

  /**
   * The check that ECS runs inside the container.
   *
   * @throws when nothing in the image can run the probe
   */
  public toContainerHealthCheck(target: HealthProbeTarget): ecs.HealthCheck {
    const { interval, retries, startPeriod } = this._timing;
    return {
      // With CMD in front, CDK leaves a command of one word alone instead of handing it to a shell.
      command: ['CMD', ...this._command(target)],
      interval: interval ?? Duration.seconds(15),
      timeout: this._timeout(),
      retries: retries ?? 3,
      startPeriod: startPeriod ?? Duration.seconds(30),
    };
  }

  /** The check that a load balancer makes from outside; undefined where an Application Load Balancer has none of the kind. */
  public toTargetGroupHealthCheck(): elbv2.HealthCheck | undefined {
    return undefined;
  }

  /**
   * Whether the image has something to run the probe with.
   *
   * @internal
   */
  public abstract _runsIn(image: DistrolessImage): boolean;

  /** @internal */
  public abstract _command(target: HealthProbeTarget): string[];

  /** @internal */
  protected _timeout(): Duration {
    return this._timing.timeout ?? Duration.seconds(5);
  }
}

/** A probe that a ready-made program runs. */
class NetworkProbe extends HealthProbe {
  public constructor(
    protected readonly options: TcpProbeOptions,
    private readonly kind: 'http' | 'tcp' | 'grpc',
    private readonly words: string[],
  ) {
    super(options);
  }

  public _runsIn(image: DistrolessImage): boolean {
    return tryProbeProgram(image) !== undefined;
  }

  public _command(target: HealthProbeTarget): string[] {
    // The probe gives up before ECS does, so that its own words end up in the container's health log.
    const milliseconds = this._timeout().toMilliseconds() - 500;
    const port = this.options.port ?? target.port;
    if (port === 0)
      throw new Error(`${target.image.node.path}: port: the container listens on none, so the probe needs one`);
    return [...probeProgram(target.image), this.kind, String(port), String(milliseconds), ...this.words];
  }
}

class HttpProbe extends NetworkProbe {
  private readonly path: string;
  private readonly statuses: [number, number];

  public constructor(options: HttpProbeOptions) {
    const path = options.path ?? '/healthz';
    const statuses: [number, number] = [options.lowestStatus ?? 200, options.highestStatus ?? 299];
    if (!/^\/[!-~]*$/.test(path)) throw new Error(`path: starts with / and is percent-encoded, got '${path}'`);
    super(options, 'http', [path, ...statuses.map(String)]);
    this.path = path;
    this.statuses = statuses;
  }

  public override toTargetGroupHealthCheck(): elbv2.HealthCheck {
    const { port, interval, retries } = { ...this.options, ...this._timing };
    return {
      path: this.path,
      port: port === undefined ? undefined : String(port),
      healthyHttpCodes: this.statuses.join('-'),
      interval: interval ?? Duration.seconds(15),
      timeout: this._timeout(),
      unhealthyThresholdCount: Math.max(2, retries ?? 3),
      healthyThresholdCount: 2,
    };
  }
}

class CommandProbe extends HealthProbe {
  public constructor(
    private readonly words: string[],
    timing: HealthProbeTiming,
  ) {
    if (words.length === 0) throw new Error('command: needs at least the program to run, got []');
    if (words[0].startsWith('CMD')) throw new Error(`command: the program comes first, without '${words[0]}' in front`);
    super(timing);
  }

  public _runsIn(): boolean {
    return true;
  }

  public _command(): string[] {
    return this.words;
  }
}
