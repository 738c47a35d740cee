import { execFileSync } from 'node:child_process';
import { DOCKER } from './docker-daemon';
import { docker } from './docker';

/** Paths of all files of an image, without a slash in front. */
export function filesOf(image: string): string[] {
  const container = docker('create', image);
  try {
    const archive = execFileSync(DOCKER, ['export', container], { maxBuffer: 2 ** 30 });
    return execFileSync('tar', ['--list'], { input: archive, encoding: 'utf8', maxBuffer: 2 ** 28 })
      .trim()
      .split('\n');
  } finally {
    docker('rm', container);
  }
}
