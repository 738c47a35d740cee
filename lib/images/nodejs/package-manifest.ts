import type { Project } from '../project';

/** What a package.json says, as far as images need it. */
export interface PackageManifest {
  readonly name?: string;
  readonly type?: string;
  readonly main?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly packageManager?: string;
  /** What is published of the package. */
  readonly files: readonly string[];
  /** Patterns of the folders that packages of the same repository are in. */
  readonly workspaces: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function readManifest(project: Project, path = 'package.json'): PackageManifest {
  const json = parse(project, path, project.read(path, 'give the directory that holds it, or make one with npm init'));
  return {
    name: optionalString(json.name),
    type: optionalString(json.type),
    main: optionalString(json.main),
    packageManager: optionalString(json.packageManager),
    files: list(json.files),
    workspaces: list((json.workspaces as { packages?: unknown } | undefined)?.packages ?? json.workspaces),
    scripts: strings(json.scripts),
    dependencies: {
      ...strings(json.dependencies),
      ...strings(json.optionalDependencies),
      ...strings(json.peerDependencies),
    },
    devDependencies: strings(json.devDependencies),
  };
}

/** Those of the scripts below that are for who works on a project; they may need its development dependencies. */
const DEVELOPMENT_SCRIPTS = ['prepublish', 'preprepare', 'prepare', 'postprepare'];

/** Scripts that package managers run when they install a project's dependencies, in the project itself. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', ...DEVELOPMENT_SCRIPTS];

/** Tools that set up git hooks; without a repository they do nothing. */
const GIT_HOOKS = /^(npx )?(husky|lefthook|simple-git-hooks|is-ci)\b/;

/** The patches of patch-package are manifests of ours. */
const NEEDS_NO_SOURCES = new RegExp(`${GIT_HOOKS.source}|^(npx )?patch-package\\b`);

/** Whether installing runs a script of the project that may read its sources: `"postinstall": "prisma generate"`. */
export function installNeedsSources(manifest: PackageManifest): boolean {
  return INSTALL_SCRIPTS.some((name) => {
    const script = manifest.scripts[name];
    return script !== undefined && !NEEDS_NO_SOURCES.test(script);
  });
}

/** Scripts that fail when a project's dependencies are installed without those for development. */
export function developmentScripts(manifest: PackageManifest): string[] {
  return INSTALL_SCRIPTS.filter((name) => {
    const script = manifest.scripts[name];
    return script !== undefined && (DEVELOPMENT_SCRIPTS.includes(name) || GIT_HOOKS.test(script));
  });
}

/** What is left of a manifest without these. */
export function forProduction(manifest: PackageManifest): PackageManifest {
  const left = Object.entries(manifest.scripts).filter(([name]) => !developmentScripts(manifest).includes(name));
  return { ...manifest, scripts: Object.fromEntries(left) };
}

function parse(project: Project, path: string, text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch (error) {
    project.refuseDirectory(`${path} is not JSON (${(error as Error).message})`, 'correct it');
  }
  project.refuseDirectory(`${path} is not a JSON object`, 'correct it');
}

function optionalString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function strings(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
