import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { DistrolessTaskDefinition, NodejsImage, PythonImage } from '../../../lib';
import type { DistrolessImage, NodejsImageProps, PythonImageProps } from '../../../lib';

/** What package-managers.test.ts runs: the same sources, with the lockfile of each package manager. */
const stack = new Stack(new App(), 'PackageManagers');

const made: string[] = [];
process.once('exit', () => made.forEach((directory) => rmSync(directory, { recursive: true })));

/** The sources of a project with one of its lockfiles, as if they were a repository. */
function repository(project: string, lock: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'distroless-e2e-repository-'));
  made.push(directory);
  for (const part of ['sources', lock]) cpSync(join(__dirname, project, part), directory, { recursive: true });
  return directory;
}

function task(name: string, image: DistrolessImage): void {
  new DistrolessTaskDefinition(stack, name, { containerName: name, image });
}

/** All files of one time, so that the test can compare builds. */
const sourceDateEpoch = 1_700_000_000;

function nodejs(name: string, lock: string, props: Partial<NodejsImageProps> = {}): void {
  const directory = repository('monorepo', lock);
  const image = { directory, workspace: 'services/api', sourceDateEpoch, ...props };
  task(name, new NodejsImage(stack, `${name}-image`, image));
}

function python(name: string, lock: string, props: Partial<PythonImageProps> = {}): void {
  const args = ['app:app', '--host', '0.0.0.0', '--port', '8080'];
  const image = { directory: repository('python-locks', lock), module: 'uvicorn', args, sourceDateEpoch, ...props };
  task(name, new PythonImage(stack, `${name}-image`, image));
}

nodejs('npm', 'npm');
nodejs('yarn-1', 'yarn-1');
nodejs('yarn-4', 'yarn-4');
nodejs('pnpm', 'pnpm');
nodejs('bundle', 'npm', { bundle: true });
python('uv', 'uv');
python('poetry', 'poetry');
python('hashes', 'hashes');
