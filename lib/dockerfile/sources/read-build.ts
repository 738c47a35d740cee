import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { BuildContext, BuildRequest } from '../analysis';
import { FilteredContext, IgnoreRules } from '../ignore-rules';
import { openDiskContext } from './disk-context';

/** No Dockerfile is longer; a larger file is not read at all. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The builders that read a Dockerfile with BuildKit, by the name of their command. */
const BUILDKIT_COMMANDS = new Set(['docker', 'docker.exe', 'finch', 'nerdctl']);

/** A build as it is given on the command line of `docker build`. */
export interface BuildOnDisk {
  /** The build context. */
  readonly directory: string;
  /**
   * The Dockerfile, absolute or relative to the context.
   *
   * @default - `Dockerfile`, or `dockerfile` where that is not there
   */
  readonly dockerfile?: string;
  /**
   * The Dockerfile's name in messages.
   *
   * @default - its path
   */
  readonly displayPath?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly buildContexts?: Readonly<Record<string, string>>;
  /**
   * The environment that the build runs in: variables of it change what a Dockerfile means.
   *
   * @default - none of them is set
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly describeImage?: BuildRequest['describeImage'];
}

/**
 * Reads a build from disk: the Dockerfile, the context without what its ignore file leaves out, and whatever lies around them that
 * changes what the build means.
 *
 * @throws Error when the Dockerfile or the context is not there
 */
export function readBuild(build: BuildOnDisk): BuildRequest {
  const environment = build.environment ?? {};
  const dockerfile = findDockerfile(build);
  const context = openIgnoring(build.directory, `${dockerfile.written}.dockerignore`);
  return {
    text: readText(dockerfile.path),
    file: build.displayPath ?? dockerfile.path,
    buildArgs: withEpoch(build.buildArgs ?? {}, environment.SOURCE_DATE_EPOCH),
    target: build.target,
    platform: build.platform ?? (environment.DOCKER_DEFAULT_PLATFORM || undefined),
    buildContexts: build.buildContexts,
    context: context.context,
    openContext: (directory) => tryOpen(resolve(build.directory, directory)),
    disturbances: [...context.problems, ...policyFile(dockerfile.written), ...environmentDoubts(environment)],
    describeImage: build.describeImage,
  };
}

/** Where the Dockerfile is, and where it was looked for first: its companions are named after that. */
function findDockerfile({ directory, dockerfile = 'Dockerfile' }: BuildOnDisk): { path: string; written: string } {
  const written = isAbsolute(dockerfile) ? dockerfile : join(directory, dockerfile);
  const candidates = [written];
  if (basename(written) === 'Dockerfile') candidates.push(join(dirname(written), 'dockerfile'));
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`there is no Dockerfile at ${written}`);
  return { path, written };
}

function readText(path: string): string {
  const { size } = statSync(path);
  if (size > MAX_FILE_BYTES) throw new Error(`${path} is larger than ${MAX_FILE_BYTES} bytes`);
  return readFileSync(path, 'utf8');
}

/** buildx hands SOURCE_DATE_EPOCH on from its environment. */
function withEpoch(buildArgs: Readonly<Record<string, string>>, epoch: string | undefined): Record<string, string> {
  return epoch === undefined || epoch === '' ? { ...buildArgs } : { SOURCE_DATE_EPOCH: epoch, ...buildArgs };
}

/** The ignore file beside the Dockerfile beats the one at the root of the context. */
function openIgnoring(directory: string, preferred: string): { context: BuildContext; problems: string[] } {
  const whole = openDiskContext(directory);
  const file = [preferred, join(directory, '.dockerignore')].find((candidate) => existsSync(candidate));
  if (file === undefined) return { context: whole, problems: [] };
  try {
    return { context: new FilteredContext(whole, IgnoreRules.parse(readText(file))), problems: [] };
  } catch (error) {
    return { context: whole, problems: [`${file} cannot be read: ${(error as Error).message}`] };
  }
}

/** A named context has an ignore file of its own; one that cannot be read leaves nothing out. */
function tryOpen(directory: string): BuildContext | undefined {
  const isDirectory = statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isDirectory ? openIgnoring(directory, join(directory, '.dockerignore')).context : undefined;
}

/** buildx applies a policy that lies beside the Dockerfile, and a policy can exchange images. */
function policyFile(dockerfile: string): string[] {
  return existsSync(`${dockerfile}.rego`) ? [`${dockerfile}.rego can exchange the images of the build`] : [];
}

function environmentDoubts(environment: Readonly<Record<string, string | undefined>>): string[] {
  const doubts: string[] = [];
  const { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: policy, BUILDKIT_SYNTAX: syntax, CDK_DOCKER: command } = environment;
  if (policy) doubts.push(`EXPERIMENTAL_BUILDKIT_SOURCE_POLICY (${policy}) can exchange the images of the build`);
  if (syntax) doubts.push(`BUILDKIT_SYNTAX hands the Dockerfile to the frontend ${syntax}`);
  if (/^(?:0|f|false)$/i.test(environment.DOCKER_BUILDKIT ?? '')) {
    doubts.push('DOCKER_BUILDKIT turns BuildKit off; the classic builder reads some Dockerfiles differently');
  }
  if (command && !BUILDKIT_COMMANDS.has(basename(command))) {
    doubts.push(`CDK_DOCKER (${command}) is not known to build with BuildKit`);
  }
  return doubts;
}
