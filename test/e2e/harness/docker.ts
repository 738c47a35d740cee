import { spawnSync } from 'node:child_process';
import { DOCKER } from './docker-daemon';

export interface CommandResult {
  readonly exitCode: number;
  /** What it printed, errors and all. */
  readonly printed: string;
}

/** Runs the Docker client; a refusal is an answer too. */
export function tryDocker(args: readonly string[], cwd?: string): CommandResult {
  const env = { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
  const done = spawnSync(DOCKER, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (done.error) throw done.error;
  return { exitCode: done.status ?? -1, printed: done.stdout + done.stderr };
}

/** Runs the Docker client and answers its output without the line end. */
export function docker(...args: readonly string[]): string {
  const { exitCode, printed } = tryDocker(args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} exited with ${exitCode}:\n${printed.slice(-4000)}`);
  return printed.trim();
}

/** The id of an image: equal ids, equal content. */
export function imageId(image: string): string {
  return docker('image', 'inspect', '--format', '{{.Id}}', image);
}
