import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Project } from '../project';
import type { PackageManifest } from './package-manifest';
import { readManifest } from './package-manifest';

/** A package of a repository that holds several. */
export interface WorkspacePackage {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly manifest: PackageManifest;
}

/** The package that becomes an image, and what of the repository it needs. */
export interface Workspace {
  readonly service: WorkspacePackage;
  /** Packages of the repository that the service needs when it runs; each after those that it needs itself. */
  readonly runtime: readonly WorkspacePackage[];
  /** Those that building the service needs as well; in the same order. */
  readonly build: readonly WorkspacePackage[];
  /** All packages; the package managers want to see the manifest of every one. */
  readonly all: readonly WorkspacePackage[];
}

/** Finds the packages of a repository, and those that one of them depends on. */
export function workspaceOf(project: Project, path: string): Workspace {
  const all = packagesOf(project);
  const service = all.find((candidate) => candidate.path === posix.normalize(path).replace(/\/$/, ''));
  if (service === undefined) {
    const known = all.map((candidate) => candidate.path).join(', ');
    return project.refusals.refuse(
      'workspace',
      path,
      `it is no workspace of ${project.props.directory}`,
      known === '' ? 'name its packages in "workspaces" of package.json' : `name one of these: ${known}`,
    );
  }
  const byName = new Map(all.map((found) => [found.manifest.name ?? '', found]));
  return {
    service,
    all,
    runtime: closure(service, byName, ({ dependencies }) => dependencies),
    build: closure(service, byName, ({ dependencies, devDependencies }) => ({ ...devDependencies, ...dependencies })),
  };
}

/** What a package depends on within the repository, the deepest first. */
function closure(
  start: WorkspacePackage,
  byName: ReadonlyMap<string, WorkspacePackage>,
  needs: (manifest: PackageManifest) => Readonly<Record<string, string>>,
): WorkspacePackage[] {
  const seen = new Set([start]);
  const found: WorkspacePackage[] = [];
  const visit = (from: WorkspacePackage): void => {
    for (const name of Object.keys(needs(from.manifest))) {
      const needed = byName.get(name);
      if (needed === undefined || seen.has(needed)) continue;
      seen.add(needed);
      visit(needed);
      found.push(needed);
    }
  };
  visit(start);
  return found;
}

function packagesOf(project: Project): WorkspacePackage[] {
  const patterns = patternsOf(project).map((pattern) => ({
    leavesOut: pattern.startsWith('!'),
    matcher: matcherOf(posix.normalize(pattern.replace(/^!/, '')).replace(/\/$/, '')),
  }));
  const isWorkspace = (path: string) =>
    patterns.reduce((taken, { leavesOut, matcher }) => (matcher.test(`${path}/`) ? !leavesOut : taken), false);
  return foldersWithManifest(project.props.directory)
    .filter(isWorkspace)
    .map((path) => ({ path, manifest: readManifest(project, `${path}/package.json`) }));
}

/** npm and Yarn name them in package.json, pnpm in a file of its own: a list of words, each in a line. */
function patternsOf(project: Project): readonly string[] {
  const text = project.tryRead('pnpm-workspace.yaml');
  if (text === undefined) return readManifest(project).workspaces;
  const list = /^packages:[^\n]*\n((?:[ \t]*(?:-[^\n]*|#[^\n]*)?\n?)*)/m.exec(text)?.[1] ?? '';
  return [...list.matchAll(/^\s*-\s*(?:'([^']+)'|"([^"]+)"|([^\s#]+))/gm)].map(
    ([, single, double, plain]) => single ?? double ?? plain,
  );
}

/** `*` is any name, `**` any number of folders; for paths that end in a slash. */
function matcherOf(pattern: string): RegExp {
  const source = pattern
    .split('/')
    .map((name) => (name === '**' ? '(?:[^/]+/)*' : `${name.split('*').map(escaped).join('[^/]*')}/`))
    .join('');
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

const NEVER_A_PACKAGE = new Set(['node_modules', '.git', 'cdk.out', 'dist']);

function foldersWithManifest(root: string, folder = ''): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const inside = entries
    .filter((entry) => entry.isDirectory() && !NEVER_A_PACKAGE.has(entry.name))
    .flatMap((entry) => foldersWithManifest(root, posix.join(folder, entry.name)));
  const isPackage = folder !== '' && entries.some((entry) => entry.name === 'package.json');
  return (isPackage ? [folder, ...inside] : inside).sort();
}
