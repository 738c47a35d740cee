import { posix } from 'node:path';
import { cacheMount, shellWord } from '../dockerfile-text';
import type { Project } from '../project';
import type { PythonImageProps } from './python-image';
import { admitsVersion } from './version-specifier';

/** How the dependencies of a project are locked, and how they become a list that pip installs. */
export interface PythonLock {
  /** Files and directories that installing reads. */
  readonly manifests: readonly string[];
  /** Commands that put tools into the builder. */
  readonly setup: readonly string[];
  /** Commands that write `REQUIREMENTS`. */
  readonly export: readonly string[];
  /** The list to install. */
  readonly requirements: string;
  /** Normalised names of the packages that it names. */
  readonly packages: ReadonlySet<string>;
  /** What the project says of the Python versions that it runs on, and where it says so. */
  readonly requiresPython?: { readonly specifier: string; readonly file: string };
}

export const PIP_CACHE = cacheMount('/root/.cache/pip');

/** Where lists that are made in the build are put. */
const EXPORTED = '/tmp/requirements.txt';

/** The releases of the tools that read lockfiles; each reads those that older ones wrote. */
const UV_VERSION = '0.13.9';
const POETRY_VERSION = '2.5.1';
const POETRY_EXPORT_VERSION = '1.10.1';

const LOCKFILES = ['requirements.txt', 'uv.lock', 'poetry.lock'];

/** Lockfiles of tools that can write a requirements.txt themselves. */
const OTHER_LOCKFILES: Readonly<Record<string, string>> = {
  'Pipfile.lock': 'pipenv requirements --hash > requirements.txt',
  'pdm.lock': 'pdm export --prod -o requirements.txt',
  'conda-lock.yml': 'pip-compile --generate-hashes',
};

export function lockOf(project: Project, props: PythonImageProps): PythonLock {
  const lockfile = props.requirements ?? lockfileOf(project);
  if (!project.has(lockfile)) {
    project.refusals.refuse(
      'requirements',
      lockfile,
      `there is no such file in ${project.props.directory}`,
      'name the file',
    );
  }
  const requiresPython = requiresPythonOf(project);
  if (posix.basename(lockfile) === 'uv.lock') return { ...uvLock(project, props), requiresPython };
  if (posix.basename(lockfile) === 'poetry.lock') return { ...poetryLock(project, props), requiresPython };
  refuseExtras(project, props, lockfile);
  return { ...requirementsFile(project, lockfile), requiresPython };
}

function refuseExtras({ refusals }: Project, { extras: names = [] }: PythonImageProps, lockfile: string): void {
  if (names.length === 0) return;
  refusals.refuse('extras', names, `${lockfile} does not tell which packages these bring`, 'compile it with them');
}

function lockfileOf(project: Project): string {
  const other = Object.keys(OTHER_LOCKFILES).find((file) => project.has(file));
  if (other !== undefined && !LOCKFILES.some((file) => project.has(file))) {
    project.refuseDirectory(
      `${other} is not a lockfile that the builder reads`,
      `make one with ${OTHER_LOCKFILES[other]}`,
    );
  }
  return project.onlyOne(
    LOCKFILES,
    'lockfile',
    'make one with pip-compile --generate-hashes or uv lock, and commit it',
  );
}

function uvLock(project: Project, props: PythonImageProps): PythonLock {
  checkTool(project, 'uv', UV_VERSION, /^required-version\s*=\s*["']([^"']+)["']/m);
  return {
    manifests: ['pyproject.toml', 'uv.lock'],
    setup: [`pip install --no-cache-dir uv==${UV_VERSION}`],
    export: [
      `uv export --quiet --frozen --no-dev --no-emit-workspace${extras('--extra', props)} --output-file ${EXPORTED}`,
    ],
    requirements: EXPORTED,
    packages: lockedPackages(project, 'uv.lock'),
  };
}

function poetryLock(project: Project, props: PythonImageProps): PythonLock {
  checkTool(project, 'poetry', POETRY_VERSION, /^requires-poetry\s*=\s*["']([^"']+)["']/m);
  return {
    manifests: ['pyproject.toml', 'poetry.lock'],
    setup: [`pip install --no-cache-dir poetry==${POETRY_VERSION} poetry-plugin-export==${POETRY_EXPORT_VERSION}`],
    export: [
      `poetry export --quiet --only main${extras('--extras', props)} --format requirements.txt --output ${EXPORTED}`,
    ],
    requirements: EXPORTED,
    packages: lockedPackages(project, 'poetry.lock'),
  };
}

/** Projects can say which releases of a tool they are for; the tool would say so when the image is built. */
function checkTool(project: Project, tool: string, version: string, wanted: RegExp): void {
  const [, settings = ''] = (project.tryRead('pyproject.toml') ?? '').split(`[tool.${tool}]\n`);
  const specifier = wanted.exec(settings.split(/^\[/m)[0])?.[1];
  if (specifier === undefined || admitsVersion(specifier, version)) return;
  project.refuseDirectory(
    `pyproject.toml wants ${tool} ${specifier}, and the builder gets ${version}`,
    `allow ${version}, or export a requirements.txt`,
  );
}

function extras(option: string, { extras: names = [] }: PythonImageProps): string {
  return names.map((name) => ` ${option} ${shellWord(name)}`).join('');
}

/** uv and Poetry both write a `[[package]]` with a `name` for each. */
function lockedPackages(project: Project, lockfile: string): ReadonlySet<string> {
  const names = (project.tryRead(lockfile) ?? '').matchAll(/^\[\[package\]\]\s*\nname = "([^"]+)"/gm);
  return new Set([...names].map(([, name]) => normaliseName(name)));
}

function requirementsFile(project: Project, path: string): PythonLock {
  const files = includedFiles(project, path);
  const lines = files.flatMap((file) => requirementLines(project, file));
  const local = lines.map(localPath).filter((found) => found !== undefined && project.has(found));
  return {
    manifests: [...new Set([...files, ...local.map((found) => posix.normalize(found ?? ''))])],
    setup: [],
    export: [],
    requirements: shellWord(path),
    packages: new Set(lines.map(requirementName).filter((name) => name !== undefined)),
  };
}

/** A requirements file and those that it includes; pip reads their paths relative to the file that names them. */
function includedFiles(project: Project, path: string, seen: readonly string[] = []): string[] {
  if (seen.includes(path) || !project.has(path)) return [...seen];
  const included = requirementLines(project, path)
    .map((line) => /^(?:-r|-c|--requirement|--constraint)[ =]?\s*(\S+)/.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .map((name) => posix.join(posix.dirname(path), name));
  return included.reduce((files, file) => includedFiles(project, file, files), [...seen, path]);
}

/** The lines of a requirements file, with continuations joined and comments dropped. */
function requirementLines(project: Project, path: string): string[] {
  const text = (project.tryRead(path) ?? '').replace(/\\\r?\n/g, ' ');
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** A wheel, a source or a directory of wheels in the project; pip reads these relative to where it runs. */
function localPath(line: string): string | undefined {
  const wheels = /^(?:-f|--find-links)[ =]?\s*(\S+)/.exec(line)?.[1];
  return wheels ?? /^(?:-e\s+|--editable[ =])?(\.{1,2}\/\S*|\.|\S+\.(?:whl|tar\.gz|zip))(?:\s|$)/.exec(line)?.[1];
}

/** https://packaging.python.org/en/latest/specifications/dependency-specifiers/ */
function requirementName(line: string): string | undefined {
  const name = /^([A-Za-z0-9][\w.-]*)\s*(?:\[|[=<>!~;@]|$|\s)/.exec(line)?.[1];
  return name === undefined ? undefined : normaliseName(name);
}

/** PEP 503: case and the kind of separator mean nothing. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function requiresPythonOf(project: Project): PythonLock['requiresPython'] {
  const sources: ReadonlyArray<readonly [string, RegExp]> = [
    ['pyproject.toml', /^requires-python\s*=\s*["']([^"']+)["']/m],
    ['pyproject.toml', /^\[tool\.poetry\.dependencies\][^[]*?^python\s*=\s*["']([^"']+)["']/ms],
    ['uv.lock', /^requires-python\s*=\s*"([^"]+)"/m],
    ['poetry.lock', /^python-versions\s*=\s*"([^"]+)"\s*$(?![\s\S]*^\[\[package\]\])/m],
    ['setup.cfg', /^python_requires\s*=\s*(.+)$/m],
  ];
  for (const [file, pattern] of sources) {
    const specifier = pattern.exec(project.tryRead(file) ?? '')?.[1];
    if (specifier !== undefined) return { specifier, file };
  }
  return undefined;
}
