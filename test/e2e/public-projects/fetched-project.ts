import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pullThroughMirrors } from '../../../lib/bases/mirrors';
import { tryDocker } from '../harness/docker';
import { environmentFacts } from '../harness/facts';
import { cacheFolder, sha256 } from '../stand-ins/cache-folder';
import type { PublicProject } from './public-project';

/** Where a project lies when it was fetched: a folder of the cache, under a key made of everything that it is made by. */
export function projectFolder({ name, client, fetch, integrity, prepare }: PublicProject): string {
  return join(cacheFolder('projects'), `${name}-${sha256(JSON.stringify([client, fetch, integrity, prepare]))}`);
}

/** Fetches a project through its package client, unless that was done before, and checks that it is the expected one. */
export function fetchProject(project: PublicProject): void {
  const folder = projectFolder(project);
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  runClient(project, partial, project.fetch);
  checkIntegrity(project, partial);
  if (project.prepare) runClient(project, partial, project.prepare);
  renameSync(partial, folder);
}

/** Runs commands of a package client in its official image, as nobody can tell which clients a machine has. */
function runClient({ name, client }: PublicProject, folder: string, commands: readonly string[]): void {
  const image = pullThroughMirrors(client, environmentFacts().mirrors);
  const options = ['--rm', '--volume', `${folder}:/project`, '--workdir', '/project', '--env', 'HOME=/root'];
  const script = ['sh', '-euc', commands.join('\n')];
  const { exitCode, printed } = tryDocker(['run', ...options, image, ...script]);
  if (exitCode !== 0) throw new Error(`${name} cannot be fetched:\n${printed.slice(-4000)}`);
}

function checkIntegrity({ name, integrity }: PublicProject, folder: string): void {
  const found = integrityOf(folder);
  if (found !== integrity) throw new Error(`${name} is not what was expected: its files hash to ${found}`);
}

/** A hash of the paths and contents of all files. */
function integrityOf(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const lines = paths.map((path) => `${sha256(readFileSync(path))} ${relative(folder, path)}`);
  return sha256(lines.sort().join('\n'));
}
