import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import type { Project } from '../project';

/** The modules of a Go project. */
export interface GoModules {
  /** `go.mod`, `go.sum`, `go.work`: what `go mod download` reads. */
  readonly manifests: readonly string[];
  /** Directories of the manifests. */
  readonly directories: readonly string[];
  /** Whether the dependencies lie in the project. */
  readonly vendored: boolean;
  /**
   * What is to be downloaded, `example.com/a@v1.0.0`; undefined for all that the manifests name.
   *
   * Where a module of a workspace requires another of it, by a version that nobody has published, Go builds, but does not download
   * without being told what.
   */
  readonly downloads?: readonly string[];
}

interface Requirement {
  readonly name: string;
  readonly version: string;
}

/** Finds the modules: those of the workspace when there is a `go.work`, otherwise the one of the directory. */
export function modulesOf(project: Project): GoModules {
  const work = project.tryRead('go.work');
  const used = work === undefined ? ['.'] : usedModules(work);
  if (work === undefined) project.read('go.mod', 'give the directory of the module, or make one with go mod init');
  const local = new Set(used.flatMap((directory) => moduleName(project, directory) ?? []));
  for (const directory of used) checkModule(project, directory, local);
  const required = used.flatMap((directory) => requirements(readManifest(project, directory)));
  const others = required.filter(({ name }) => !local.has(name)).map(({ name, version }) => `${name}@${version}`);
  const directories = [...new Set([...used, ...used.flatMap((directory) => replacements(project, directory))])];
  const workspace = ['go.work', 'go.work.sum'].filter((file) => project.has(file));
  const sums = directories.flatMap((directory) => [posix.join(directory, 'go.mod'), posix.join(directory, 'go.sum')]);
  const manifests = [...workspace, ...sums.filter((file) => project.has(file))];
  return {
    manifests,
    directories: [...new Set(manifests.map((file) => posix.dirname(file)))],
    vendored: project.hasDirectory('vendor'),
    downloads: required.some(({ name }) => local.has(name)) ? [...new Set(others)].sort() : undefined,
  };
}

/** `use ./api` and `use ( ./api ./shared )`. */
function usedModules(work: string): string[] {
  const text = work.replace(/\/\/.*$/gm, '');
  const blocks = [...text.matchAll(/^\s*use\s*\(([^)]*)\)/gm)].flatMap(([, block]) => block.split(/\s+/));
  const lines = [...text.matchAll(/^\s*use\s+([^\s(]+)\s*$/gm)].map(([, path]) => path);
  return [...blocks, ...lines].filter((path) => path !== '').map((path) => posix.normalize(path));
}

/** `replace example.com/shared => ./shared`: modules that lie in the project without being part of a workspace. */
function replacements(project: Project, directory: string): string[] {
  const text = project.tryRead(posix.join(directory, 'go.mod')) ?? '';
  const paths = [...text.matchAll(/=>\s+(\.{1,2}\/\S*)/g)].map(([, path]) => posix.join(directory, path));
  for (const path of paths.filter((outside) => outside.startsWith('..'))) {
    project.refuseDirectory(
      `${posix.join(directory, 'go.mod')} replaces a module by ${path}, which lies outside of it`,
      'give a directory that both are in, and the program as main',
    );
  }
  return paths;
}

function checkModule(project: Project, directory: string, local: ReadonlySet<string>): void {
  const path = posix.join(directory, 'go.mod');
  const text = readManifest(project, directory);
  const other = requirements(text).find(({ name }) => !local.has(name));
  if (other !== undefined && !project.has(posix.join(directory, 'go.sum'))) {
    project.refuseDirectory(
      `${path} requires ${other.name}, and there is no go.sum beside it`,
      'make one with go mod tidy, and commit it',
    );
  }
  checkGoVersion(project, path, /^go\s+(\d+\.\d+)/m.exec(text)?.[1]);
}

/** `require example.com/a v1.0.0` and `require ( example.com/a v1.0.0 )`, without those that are replaced by a directory. */
function requirements(text: string): Requirement[] {
  const blocks = [...text.matchAll(/^\s*require\s*\(([^)]*)\)/gm)].map(([, block]) => block);
  const lines = [...text.matchAll(/^\s*require\s+([^(\n]+)$/gm)].map(([, line]) => line);
  const required = [...blocks, ...lines].flatMap((part) => [...part.matchAll(/^\s*(\S+)\s+(v\S+)/gm)]);
  const replaced = [...text.matchAll(/(\S+)(?:\s+v\S+)?\s+=>\s+\.{1,2}\//g)].map(([, name]) => name);
  return required.map(([, name, version]) => ({ name, version })).filter(({ name }) => !replaced.includes(name));
}

function readManifest(project: Project, directory: string): string {
  return project.read(posix.join(directory, 'go.mod'), 'correct go.work');
}

/** The modules of a workspace need no sums of each other. */
function moduleName(project: Project, directory: string): string | undefined {
  return /^module\s+(\S+)/m.exec(readManifest(project, directory))?.[1];
}

/** The builder does not fetch another Go; it would do so in every build. */
function checkGoVersion(project: Project, path: string, wanted?: string): void {
  const builder = project.builderReference(BuildTool.GO);
  const available = /(?:^|\/)golang:(\d+\.\d+)/.exec(builder)?.[1];
  if (wanted === undefined || available === undefined || !isNewer(wanted, available)) return;
  project.refuseDirectory(
    `${path} wants Go ${wanted}, and the builder ${builder} has ${available}`,
    `set builder to a golang:${wanted} image of the same release`,
  );
}

function isNewer(version: string, than: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [thanMajor, thanMinor] = than.split('.').map(Number);
  return major > thanMajor || (major === thanMajor && minor > thanMinor);
}
