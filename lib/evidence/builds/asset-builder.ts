import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { AssetBuild } from './asset-build';
import { buildArguments, localTag } from './asset-build';
import { BuildError } from './build-error';
import { runTool, type ToolOptions, type ToolResult } from './tool';

type Environment = ToolOptions['environment'];

/** What `docker inspect` and `podman inspect` exit with when there is no such image. */
const NO_SUCH_IMAGE: readonly number[] = [1, 125];

/**
 * Makes an image asset just as the CDK CLI does before it publishes it, so that this is the very image that would be published: an image
 * that the daemon has under the asset's tag is taken as it is, else it is built; an executable is run.
 *
 * Source: `ContainerImageBuilder` of cdk-assets-lib, `private/handlers/container-images.ts`.
 *
 * @returns the name of the image in the daemon
 * @throws BuildError when there is no image in the end
 */
export async function buildAsset(build: AssetBuild, environment: Environment): Promise<string> {
  const { executable, directory } = build.source;
  if (executable) return runExecutable(executable, build, environment);
  if (!directory) throw new BuildError('its asset manifest names neither a directory nor an executable');
  const tag = localTag(build);
  if (!(await isInDaemon(tag, environment)))
    await buildDirectory(tag, resolve(build.directory, directory), build, environment);
  return tag;
}

async function buildDirectory(
  tag: string,
  directory: string,
  build: AssetBuild,
  environment: Environment,
): Promise<void> {
  if (!existsSync(directory)) throw new BuildError(`its directory is not there: ${directory}`);
  const args = buildArguments(tag, build.source);
  // Attestations make an index out of an image, which the CLI does not want.
  const result = await docker(args, {
    directory,
    environment: { ...environment, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
  });
  if (result.exitCode !== 0) throw failed(`${nameOf(environment)} build`, result);
}

async function isInDaemon(tag: string, environment: Environment): Promise<boolean> {
  const result = await docker(['inspect', tag], { environment });
  if (result.exitCode === 0) return true;
  if (NO_SUCH_IMAGE.includes(result.exitCode)) return false;
  throw failed(`${nameOf(environment)} inspect`, result);
}

async function runExecutable(command: readonly string[], build: AssetBuild, environment: Environment): Promise<string> {
  const [program = '', ...args] = command;
  const result = await runTool(program, args, { directory: build.directory, environment });
  if (result.exitCode !== 0) throw failed(`the command of the asset, ${program},`, result);
  const name = result.stdout.trim();
  if (name === '')
    throw new BuildError(`the command of the asset, ${program}, did not say what image it has made`, result.output);
  return name;
}

async function docker(args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const client = clientOf(options.environment);
  try {
    return await runTool(client, args, options);
  } catch (error) {
    const { message, output } = error as BuildError;
    if (!message.startsWith('cannot start')) throw error;
    throw new BuildError(`${message}; install Docker, or set CDK_DOCKER to a program that takes its place`, output);
  }
}

/** The CDK CLI takes another program for docker when it is told so. */
function clientOf({ CDK_DOCKER }: Environment): string {
  return CDK_DOCKER ?? 'docker';
}

function nameOf(environment: Environment): string {
  return basename(clientOf(environment));
}

function failed(what: string, { exitCode, output }: ToolResult): BuildError {
  const reason = output.findLast((line) => /\b(error|failed|cannot|denied|no such)\b/i.test(line)) ?? output.at(-1);
  return new BuildError(`${what} exited with ${exitCode}${reason === undefined ? '' : `: ${reason.trim()}`}`, output);
}
