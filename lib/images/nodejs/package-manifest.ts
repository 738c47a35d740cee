import type { Project } from '../project';

/** What a package.json says, as far as images need it. */
export interface PackageManifest {
  readonly type?: string;
  readonly main?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly packageManager?: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function readManifest(project: Project, path = 'package.json'): PackageManifest {
  const json = parse(project, path, project.read(path, 'give the directory that holds it, or make one with npm init'));
  return {
    type: optionalString(json.type),
    main: optionalString(json.main),
    packageManager: optionalString(json.packageManager),
    scripts: strings(json.scripts),
    dependencies: {
      ...strings(json.dependencies),
      ...strings(json.optionalDependencies),
      ...strings(json.peerDependencies),
    },
    devDependencies: strings(json.devDependencies),
  };
}

/** Scripts that package managers run when they install a project's dependencies, in the project itself. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];

/** Tools that set up git hooks; without a repository they do nothing. And patch-package, whose patches are manifests of ours. */
const NEEDS_NO_SOURCES = /^(npx )?(husky|lefthook|simple-git-hooks|patch-package|is-ci)\b/;

/** Whether installing runs a script of the project that may read its sources: `"postinstall": "prisma generate"`. */
export function installNeedsSources(manifest: PackageManifest): boolean {
  return INSTALL_SCRIPTS.some((name) => {
    const script = manifest.scripts[name];
    return script !== undefined && !NEEDS_NO_SOURCES.test(script);
  });
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

function strings(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
