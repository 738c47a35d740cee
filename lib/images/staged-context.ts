import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { FileSystem, IgnoreMode, Stage, SymlinkFollowMode } from 'aws-cdk-lib';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';

/** Where build contexts are put together, inside the cloud assembly, until CDK has copied them. */
const STAGING_FOLDER = '.distroless';

/** Where files of ours are in a build context, apart from the user's. */
const FOLDER = '.distroless';

export interface StagedContextOptions {
  /** The user's directory. */
  readonly directory: string;
  /** Patterns of what is left out, in the language of `.dockerignore`, or of `ignoreMode`. */
  readonly exclude: readonly string[];
  /** @default IgnoreMode.DOCKER */
  readonly ignoreMode?: IgnoreMode;
  /** @default SymlinkFollowMode.EXTERNAL */
  readonly followSymlinks?: SymlinkFollowMode;
}

/**
 * A build context: the files of the user's directory that the image is made of, and those that we add.
 *
 * It is put together inside the cloud assembly, because the user's directory is not ours to write to, and because the assembly has
 * to be complete when it is moved. CDK's asset then copies it to its final place; `discard` removes it after that.
 */
export class StagedContext {
  /** The staged files. */
  public readonly directory: string;

  public constructor(
    private readonly scope: IConstruct,
    options: StagedContextOptions,
  ) {
    this.directory = join(assemblyDirectory(scope), STAGING_FOLDER, scope.node.addr);
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true });
    const source = resolve(options.directory);
    FileSystem.copyDirectory(source, this.directory, {
      exclude: [...options.exclude, ...assemblyInside(source, scope)],
      ignoreMode: options.ignoreMode ?? IgnoreMode.DOCKER,
      follow: options.followSymlinks ?? SymlinkFollowMode.EXTERNAL,
    });
    normalise(this.directory);
  }

  /** Adds a file of ours. Paths are relative to the context. */
  public write(path: string, content: string): void {
    const target = join(this.directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content, { mode: 0o644 });
  }

  /** Whether a file or directory made it into the context. */
  public has(path: string): boolean {
    return existsSync(join(this.directory, path));
  }

  /** Whether a path of the context is a directory. */
  public hasDirectory(path: string): boolean {
    return statSync(join(this.directory, path), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** Names of the user's files and directories in a directory of the context, sorted. */
  public entries(path = ''): string[] {
    const names = readdirSync(join(this.directory, path)).sort();
    return names.filter((name) => name !== FOLDER);
  }

  /** Paths of all files, sorted. */
  public files(): string[] {
    return filesBelow(this.directory);
  }

  /**
   * What CDK's own fingerprint of the context leaves out, to be hashed with it: which files can be executed.
   *
   * The content is in it too, although CDK hashes that as well: CDK remembers the hash of a staged path for the life of the process,
   * and two apps in one process can come to the same path.
   */
  public extraHash(): string {
    return JSON.stringify({ content: FileSystem.fingerprint(this.directory), executable: executables(this.directory) });
  }

  /** Removes the staged files, unless assets are used where they are (`cdk synth --no-staging`). */
  public discard(): void {
    if (this.scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) return;
    rmSync(this.directory, { recursive: true, force: true });
    removeIfEmpty(dirname(this.directory));
  }
}

function assemblyDirectory(scope: IConstruct): string {
  const stage = Stage.of(scope);
  if (stage === undefined) throw new Error(`${scope.node.path}: an image must be defined below an App or a Stage`);
  return stage.assetOutdir;
}

/** The assembly must not go into an image when it lies in the source directory; nor must those of other runs. */
function assemblyInside(source: string, scope: IConstruct): string[] {
  const inside = relative(source, assemblyDirectory(scope));
  return inside === '' || inside.startsWith('..') ? ['**/cdk.out'] : ['**/cdk.out', inside.split(sep).join('/')];
}

/**
 * Makes the context the same on every machine: files readable by everyone, since images run as a user that does not own them,
 * whatever the umask of the checkout; and no empty directories, which git does not keep and CDK does not hash.
 */
function normalise(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) normalise(path);
    else if (entry.isFile()) chmodSync(path, isExecutable(path) ? 0o755 : 0o644);
    if (entry.isDirectory()) removeIfEmpty(path);
  }
}

function executables(root: string): string[] {
  return filesBelow(root).filter((path) => isExecutable(join(root, path)));
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function isExecutable(path: string): boolean {
  return (statSync(path).mode & 0o111) !== 0;
}

function removeIfEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
}
