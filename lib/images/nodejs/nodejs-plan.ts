import { posix } from 'node:path';
import type { Project } from '../project';
import type { StagedContext } from '../staged-context';
import type { NodejsImageProps } from './nodejs-image';
import type { PackageManager } from './package-manager';
import { packageManagerOf } from './package-manager';
import type { PackageManifest } from './package-manifest';
import { readManifest } from './package-manifest';
import type { Workspace, WorkspacePackage } from './workspaces';
import { workspaceOf } from './workspaces';

/** What becomes of a Node.js project. */
export interface NodejsPlan {
  readonly project: Project;
  readonly props: NodejsImageProps;
  readonly manager: PackageManager;
  /** That of the directory. */
  readonly rootManifest: PackageManifest;
  /** That of the program. */
  readonly manifest: PackageManifest;
  /** Where the program is in the directory; empty when it is all of it. */
  readonly folder: string;
  /** The repository around the program, when it is one of several packages. */
  readonly workspace?: Workspace;
  /** The file to start, or to bundle, relative to the folder. */
  readonly main: string;
  /** The script that builds the program; undefined when its sources run as they are. */
  readonly buildScript?: string;
}

export function nodejsPlan(project: Project, props: NodejsImageProps): NodejsPlan {
  const rootManifest = readManifest(project);
  const workspace = props.workspace === undefined ? undefined : workspaceOf(project, props.workspace);
  const { path: folder, manifest } = workspace?.service ?? { path: '', manifest: rootManifest };
  const manager = packageManagerOf(project, rootManifest);
  const buildScript = buildScriptOf(project, props, manifest);
  const main = mainOf(project, props, manifest);
  return { project, props, manager, rootManifest, manifest, folder, workspace, main, buildScript };
}

/** A path of the program, relative to the directory. */
export function inFolder({ folder }: NodejsPlan, path: string): string {
  return posix.join(folder, path);
}

export function hasDependencies({ manifest }: NodejsPlan): boolean {
  return Object.keys(manifest.dependencies).length > 0;
}

/** Whether anything runs before the program is there as it is started. */
export function isBuilt({ buildScript, workspace }: NodejsPlan): boolean {
  return buildScript !== undefined || (workspace?.build ?? []).some(hasBuildScript);
}

export function hasBuildScript({ manifest }: WorkspacePackage): boolean {
  return manifest.scripts.build !== undefined;
}

/** A bundle is made of the sources, and a script is run before it only if that is asked for. */
function buildScriptOf(project: Project, props: NodejsImageProps, manifest: PackageManifest): string | undefined {
  const script = props.buildScript ?? 'build';
  if (props.skipBuild === true || (props.bundle === true && props.buildScript === undefined)) return undefined;
  if (manifest.scripts[script] !== undefined) return script;
  if (props.buildScript === undefined) return undefined;
  return project.refusals.refuse(
    'buildScript',
    script,
    'package.json has no such script',
    `name one of these: ${Object.keys(manifest.scripts).join(', ') || '(there are none)'}`,
  );
}

function mainOf(project: Project, props: NodejsImageProps, manifest: PackageManifest): string {
  const main = props.main ?? manifest.main;
  if (main === undefined) {
    project.refusals.refuse('main', undefined, 'neither the prop nor package.json names one', 'name the file to start');
  }
  const normal = posix.normalize(main);
  if (posix.isAbsolute(normal) || normal.startsWith('..')) {
    project.refusals.refuse('main', main, 'it lies outside of the directory', 'give a path relative to the directory');
  }
  return normal;
}

/** Whether the program is started by a command of one of its dependencies: `node_modules/next/dist/bin/next`. */
export function startsDependency({ main }: NodejsPlan): boolean {
  return main.startsWith('node_modules/');
}

/** A program that is not built must be there; one that is compiled from TypeScript must at least have a source. */
export function checkMain(plan: NodejsPlan, context: StagedContext): void {
  const { project, props, main } = plan;
  if (startsDependency(plan)) return checkDependency(plan);
  const script = plan.buildScript === undefined ? undefined : plan.manifest.scripts[plan.buildScript];
  if (context.has(inFolder(plan, main)) || (script !== undefined && mayMake(plan, context, script))) return;
  const made = script === undefined ? '' : `, nor a source that "${script}" would make it of`;
  project.refusals.refuse(
    'main',
    props.main ?? main,
    `there is no such file in ${posix.join(project.props.directory, plan.folder)}${made}`,
    props.bundle === true ? 'name the source to bundle' : 'name the file that starts the program',
  );
}

function checkDependency({ project, props, main, manifest, buildScript }: NodejsPlan): void {
  const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\/./.exec(main)?.[1] ?? '';
  if (manifest.dependencies[name] === undefined) {
    const names = Object.keys(manifest.dependencies).join(', ') || '(there are none)';
    project.refusals.refuse('main', main, 'it is in no dependency of package.json', `start one of these: ${names}`);
  }
  if (buildScript === undefined || props.buildOutputs !== undefined) return;
  project.refusals.refuse(
    'buildOutputs',
    undefined,
    `main, which is in a dependency, does not tell what "${buildScript}" makes`,
    'name the files and directories, such as dist',
  );
}

/** Of the compilers, only TypeScript's is known to keep the names of files. */
function mayMake({ main }: NodejsPlan, context: StagedContext, script: string): boolean {
  if (!/\btsc\b/.test(script)) return true;
  const stem = posix.basename(main).replace(/\.[cm]?js$/, '');
  const name = new RegExp(`(^|/)${stem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.[cm]?[jt]sx?$`);
  return context.files().some((file) => name.test(file));
}
