import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';

const made: string[] = [];

afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A fresh directory, removed after the tests of the file. */
export function freshDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'distroless-images-')));
  made.push(directory);
  return directory;
}

/** A source directory with the given files. */
export function sourceDirectory(
  files: Readonly<Record<string, string | object>>,
  directory = freshDirectory(),
): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

/** A stack named Web in an app of its own. */
export function freshStack(context: Record<string, unknown> = {}, outdir = join(freshDirectory(), 'cdk.out')): Stack {
  return new Stack(new App({ outdir, context }), 'Web');
}

/** Lines of a rendered Dockerfile, without comments and continuations. */
export function instructions(dockerfile: string): string[] {
  return dockerfile
    .replace(/ \\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
