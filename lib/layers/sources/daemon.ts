import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageSource } from '../image-source';
import { InspectionError } from '../inspection-error';
import { openImage } from './open-image';

export interface DaemonOptions {
  /** For `CDK_DOCKER`, which names another program than docker as it does for CDK, and for docker's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told how many bytes the daemon has given. */
  readonly onProgress?: (savedBytes: number) => void;
}

/** How often the progress is looked at, in milliseconds. */
const PROGRESS_INTERVAL_MS = 200;

/** What stands on the command line: a reference or an id, but never a flag. */
const REFERENCE = /^[\w][\w./:@-]*$/;

/** What docker, podman, finch and nerdctl say of an image that is not there. */
const NO_SUCH_IMAGE = /no such image|reference does not exist|image not known|not found|unable to find/i;

/** What is to be done when the process ends in the middle: a tool goes on for nobody, and an archive is large. */
const UNFINISHED = new Set<() => void>();
process.once('exit', () => UNFINISHED.forEach((finish) => finish()));

/**
 * Opens an image that a local Docker daemon has, by reference or id, through `docker save`. The archive goes into a temporary file, since
 * its parts are needed in another order than they come in.
 *
 * @throws InspectionError `missing` when the daemon does not have it, `unavailable` when the daemon cannot be asked
 */
export async function openDaemonImage(reference: string, options: DaemonOptions): Promise<ImageSource> {
  if (!REFERENCE.test(reference)) throw new InspectionError('missing', `${JSON.stringify(reference)} names no image`);
  const directory = mkdtempSync(join(tmpdir(), 'cdk-distroless-'));
  const remove = () => {
    UNFINISHED.delete(remove);
    rmSync(directory, { recursive: true, force: true });
  };
  UNFINISHED.add(remove);
  try {
    const path = join(directory, 'image.tar');
    await save(reference, path, options);
    const source = openImage(path);
    const close = () => {
      source.close();
      remove();
    };
    return { subject: reference, images: source.images, close };
  } catch (error) {
    remove();
    throw InspectionError.isInspectionError(error) ? error.at({ subject: reference }) : error;
  }
}

async function save(reference: string, path: string, { environment, onProgress }: DaemonOptions): Promise<void> {
  const archive = openSync(path, 'wx', 0o600);
  const timer = onProgress && setInterval(() => onProgress(fstatSync(archive).size), PROGRESS_INTERVAL_MS);
  try {
    await run(environment.CDK_DOCKER || 'docker', ['save', reference], archive, environment);
  } finally {
    clearInterval(timer);
    closeSync(archive);
  }
}

function run(
  program: string,
  args: readonly string[],
  stdout: number,
  env: DaemonOptions['environment'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', stdout, 'pipe'], env: { ...env } });
    const stop = () => void child.kill();
    UNFINISHED.add(stop);
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.once('error', (error) => reject(notStarted(program, error)));
    child.once('close', (code) => {
      UNFINISHED.delete(stop);
      if (code === 0) resolve();
      else reject(refusal(program, Buffer.concat(said).toString().trim()));
    });
  });
}

function notStarted(program: string, error: Error): InspectionError {
  const hint = 'install Docker, or set CDK_DOCKER to a program that takes its place';
  return new InspectionError('unavailable', `cannot start ${program}: ${error.message}`, {}, hint);
}

function refusal(program: string, said: string): InspectionError {
  const code = NO_SUCH_IMAGE.test(said) ? 'missing' : 'unavailable';
  return new InspectionError(code, `${program} save failed: ${said || 'it did not say why'}`);
}
