import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { BaseRuntime } from '../bases/distroless-base';
import type { DistrolessImage } from '../images/distroless-image';
import { isArm } from './architecture';
import { NODE_RUNTIME_CLIENT } from './node-runtime-client';

/** What a `DistrolessFunction` is made of. */
export interface DistrolessFunctionProps extends lambda.FunctionOptions {
  /** The image. Its architecture is that of the function. */
  readonly image: DistrolessImage;

  /**
   * The handler, for Node and Python: `module.function`, the module relative to the working directory of the image.
   *
   * @default - none: the program in the image speaks the runtime API itself, as Go programs with `lambda.Start` do
   */
  readonly handler?: string;

  /**
   * What is started instead of the image's entrypoint: a runtime interface client of your own.
   *
   * @default - what the handler needs, else the entrypoint of the image
   */
  readonly entrypoint?: string[];

  /**
   * Arguments of the entrypoint.
   *
   * @default - the handler, else those of the image
   */
  readonly command?: string[];
}

/**
 * A Lambda function in an image without a shell.
 *
 * AWS's own base images for Lambda have bash and a package manager. A function needs neither: only something that speaks the runtime
 * API. A Go program does with `lambda.Start` (build it with the tag `lambda.norpc`); Python does with `awslambdaric` among its
 * requirements; for Node the client is part of this construct.
 */
export class DistrolessFunction extends lambda.DockerImageFunction {
  public constructor(scope: Construct, id: string, props: DistrolessFunctionProps) {
    const { image, handler, entrypoint, command, ...options } = props;
    super(scope, id, {
      ...options,
      architecture: isArm(image.architecture) ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
      logGroup: props.logGroup ?? monthlyLogs(scope, id, props),
      code: image.toLambdaCode({
        entrypoint: entrypoint ?? (handler === undefined ? undefined : runtimeClient(image)),
        cmd: command ?? (handler === undefined ? undefined : [handler]),
      }),
    });
  }
}

function monthlyLogs(scope: Construct, id: string, options: lambda.FunctionOptions): logs.LogGroup | undefined {
  // Lambda makes the group of its own name, and CDK sets its retention.
  if (options.logRetention !== undefined) return undefined;
  return new logs.LogGroup(scope, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH });
}

function runtimeClient(image: DistrolessImage): string[] {
  const interpreter = image.base?.entrypoint[0];
  switch (image.base?.runtime) {
    case BaseRuntime.NODEJS:
      return [interpreter ?? 'node', '-e', NODE_RUNTIME_CLIENT];
    case BaseRuntime.PYTHON:
      return [interpreter ?? 'python3', '-m', 'awslambdaric'];
    default:
      throw new Error(
        `${image.node.path}: handler: only images of Node and Python take one, and this one is on ${image.base?.reference ?? 'an unknown base'}; ` +
          'let the program speak the runtime API itself, or give the entrypoint of its runtime interface client',
      );
  }
}
