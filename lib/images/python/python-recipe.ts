import { posix } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { BuildTool } from '../../bases/distroless-base';
import { checkBuilder } from '../builder-fit';
import { buildArguments, secretMounts } from '../build-inputs';
import { copy, env, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import { checkNativeModules } from '../stages/shared-libraries';
import type { PythonTarget } from './binaries';
import { unfitExtensions, unfitWheels } from './binaries';
import type { PythonImageProps } from './python-image';
import type { PythonLock } from './python-lock';
import { lockOf, PIP_CACHE } from './python-lock';
import { admitsPython } from './version-specifier';

const APP = '/app';

/** What every container can write to. */
const SHARED_MEMORY = '/dev/shm';

/** Where the dependencies are; a directory of their own, so that they are a layer of their own. */
const DEPENDENCIES = '/deps';

const SECRETS = { 'pip.conf': '/root/.config/pip/pip.conf', netrc: '/root/.netrc' };

const EXCLUDE = [
  '**/__pycache__',
  '**/*.pyc',
  '**/.venv',
  'venv',
  'env',
  '**/.tox',
  '**/.nox',
  '**/.pytest_cache',
  '**/.mypy_cache',
  '**/.ruff_cache',
  '**/*.egg-info',
  '**/.coverage',
  'htmlcov',
  'build',
  'dist',
  'test',
  'tests',
];

/** Packages are built with it. */
const README = '*.md';

/** Where the project itself is installed, if it is. */
const INSTALLED = '/project';

/** Files at the top of a project that only tools read. */
const TOOL_FILES =
  /^(requirements.*\.(txt|in)|pyproject\.toml|uv\.lock|poetry\.lock|setup\.(py|cfg)|tox\.ini|noxfile\.py|pytest\.ini|conftest\.py|Makefile|wheels|\.(python-version|pylintrc|flake8|coveragerc|pre-commit-config\.yaml))$/;

/** Compiles to bytecode that is not compared with the sources again; some packages carry files that are no Python, for tests. */
const COMPILE = 'python -m compileall -q --invalidation-mode unchecked-hash';

/** Servers whose module and package have one name, so that they can be looked for in the lockfile. */
const SERVERS = ['celery', 'daphne', 'granian', 'gunicorn', 'hypercorn', 'uvicorn', 'waitress'];

interface PythonPlan {
  readonly project: Project;
  readonly props: PythonImageProps;
  readonly lock: PythonLock;
}

/** How a Python program becomes an image. */
export function pythonRecipe(project: Project, props: PythonImageProps): Recipe {
  checkBuilder(project, BuildTool.PYTHON);
  const plan = { project, props, lock: lockOf(project, props) };
  checkStart(plan);
  checkPython(plan);
  const exclude = props.installProject === true ? EXCLUDE : [...EXCLUDE, README];
  return { exclude, manifests: plan.lock.manifests, render: (context) => renderStages(plan, context) };
}

function checkStart({ project, props }: PythonPlan): void {
  if (props.module !== undefined && props.main !== undefined) {
    project.refusals.refuse('main', props.main, `module '${props.module}' is given as well`, 'give one of them');
  }
  if (props.module === undefined && props.main === undefined) {
    project.refusals.refuse(
      'module',
      undefined,
      'neither module nor main is given',
      'name the module or the file to run',
    );
  }
  if (props.installProject === true && props.main !== undefined) {
    project.refusals.refuse('main', props.main, 'an installed project has no such file', 'name a module to run');
  }
  if (props.installProject === true && !project.has('pyproject.toml') && !project.has('setup.py')) {
    project.refusals.refuse('installProject', true, 'there is no pyproject.toml that says how', 'write one');
  }
  if (props.main !== undefined && /^(\/|\.\.)/.test(posix.normalize(props.main))) {
    project.refusals.refuse(
      'main',
      props.main,
      'it lies outside of the directory',
      'give a path relative to the directory',
    );
  }
}

function checkPython({ project, lock }: PythonPlan): void {
  const { requiresPython } = lock;
  const minor = project.base.runtimeVersion;
  if (requiresPython === undefined || minor === undefined || admitsPython(requiresPython.specifier, minor)) return;
  project.refusals.refuse(
    'base',
    project.base.reference,
    `it has Python ${minor}, and ${requiresPython.file} in ${project.props.directory} wants ${requiresPython.specifier}`,
    `allow ${minor} and lock again, or use a base with another Python`,
  );
}

function renderStages(plan: PythonPlan, context: StagedContext): StageText[] {
  checkBinaries(plan, context);
  checkProgram(plan, context);
  const build = plan.props.installProject === true ? installStage(plan) : buildStage(plan, context);
  return [dependenciesStage(plan, context), build, finalStage(plan, context)];
}

function checkBinaries({ project }: PythonPlan, context: StagedContext): void {
  const minor = project.base.runtimeVersion;
  if (minor === undefined) return;
  const machine =
    project.architecture._cpuArchitecture === CpuArchitecture.ARM64._cpuArchitecture ? 'aarch64' : 'x86_64';
  const target: PythonTarget = { minor, machine };
  const unfit = [...unfitWheels(context.files(), target), ...unfitExtensions(context.files(), target)];
  if (unfit.length === 0) return;
  project.refuseDirectory(
    `${unfit.join(', ')} ${unfit.length === 1 ? 'is' : 'are'} not made for Python ${minor} on Linux ${machine} with glibc, which base ${project.base.reference} has`,
    `replace ${unfit.length === 1 ? 'it' : 'them'}, for example with pip download --python-version ${minor} --only-binary :all:`,
  );
}

function checkProgram({ project, props, lock }: PythonPlan, context: StagedContext): void {
  const { main, module: name } = props;
  if (main !== undefined && !context.has(main)) {
    project.refusals.refuse(
      'main',
      main,
      `there is no such file in ${project.props.directory}`,
      'name the file to run',
    );
  }
  const top = name?.split('.')[0] ?? '';
  if (SERVERS.includes(top) && !lock.packages.has(top) && !isLocal(context, top)) {
    project.refusals.refuse(
      'module',
      name,
      'the lockfile does not name that package',
      'add it to the dependencies and lock again',
    );
  }
}

function isLocal(context: StagedContext, module: string): boolean {
  return [`${module}.py`, module, `src/${module}.py`, `src/${module}`].some((path) => context.has(path));
}

function dependenciesStage({ project, lock }: PythonPlan, context: StagedContext): StageText {
  const mounts = [PIP_CACHE, ...secretMounts(project, SECRETS)];
  const install = `pip install --target=${DEPENDENCIES} --no-compile --requirement ${lock.requirements}`;
  return {
    comment: 'What the lockfile names.',
    from: project.builder(BuildTool.PYTHON),
    name: 'dependencies',
    instructions: [
      'WORKDIR /src',
      ...env({ PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' }),
      ...(lock.setup.length === 0 ? [] : [run(lock.setup, mounts)]),
      ...lock.manifests.map((path) => copy([path], `./${path}`)),
      ...buildArguments(project),
      // Scripts in bin/ name the builder's interpreter in their first line, and nothing could run them.
      run(
        [
          ...lock.export,
          `mkdir -p ${DEPENDENCIES}`,
          install,
          `rm -rf ${DEPENDENCIES}/bin`,
          `(${COMPILE}${workers(project)} ${DEPENDENCIES} || true)`,
        ],
        mounts,
      ),
      ...checkNativeModules(project, context, DEPENDENCIES),
    ],
  };
}

/**
 * Workers cost more to start than compiling a service takes; dependencies are worth them.
 *
 * Which worker compiles what is left to chance, and shows in the bytes: of a set of strings that two functions mention Python makes
 * one constant, or two when some of the strings were interned before by a module compiled in the same process. One process takes the
 * modules in the order of their names. Source: `intern_constants` in CPython's Objects/codeobject.c.
 */
function workers({ props }: Project): string {
  return props.sourceDateEpoch === undefined ? ' -j 0' : '';
}

function buildStage({ props, project }: PythonPlan, context: StagedContext): StageText {
  return {
    comment: 'The program, compiled.',
    from: 'dependencies',
    name: 'build',
    instructions: [
      `WORKDIR ${APP}`,
      ...programEntries(context).map((entry) => copy([entry], `./${entry}`)),
      run(
        [
          `${COMPILE} ${APP}`,
          ...(props.module === undefined ? [] : [findModule(props, `${pythonPath(context)}:${APP}`)]),
        ],
        secretMounts(project, SECRETS),
      ),
    ],
  };
}

function installStage({ project, props }: PythonPlan): StageText {
  const install = `pip install --no-deps --no-compile --target=${INSTALLED} .`;
  return {
    comment: 'The program, installed and compiled.',
    from: 'dependencies',
    name: 'build',
    instructions: [
      'COPY . .',
      run(
        [
          install,
          `rm -rf ${INSTALLED}/bin`,
          `${COMPILE} ${INSTALLED}`,
          findModule(props, `${DEPENDENCIES}:${INSTALLED}`),
        ],
        [PIP_CACHE, ...secretMounts(project, SECRETS)],
      ),
    ],
  };
}

/** Fails for a module that is not there, as nothing could be started. */
function findModule({ module: path = '' }: PythonImageProps, pythonPath: string): string {
  const name = path.split('.')[0];
  const find = `import sys, importlib.util as u; sys.exit(not u.find_spec("${name}") and "there is no module ${name}")`;
  return `PYTHONPATH=${pythonPath} python -c ${shellWord(find)}`;
}

function programEntries(context: StagedContext): string[] {
  return context.entries().filter((entry) => !TOOL_FILES.test(entry));
}

/** The sources of a project with a `src` directory are in there, and not the project's own top. */
function pythonPath(context: StagedContext): string {
  return context.hasDirectory('src') ? `${DEPENDENCIES}:${APP}/src` : DEPENDENCIES;
}

function finalStage({ project, props }: PythonPlan, context: StagedContext): StageText {
  const isInstalled = props.installProject === true;
  const extraFiles = (props.extraFiles ?? []).map((file) => fileCopy([file], posix.join(APP, file)));
  const program = isInstalled
    ? [fileCopy([INSTALLED], INSTALLED, 'build'), ...extraFiles]
    : [fileCopy([APP], APP, 'build')];
  const path = isInstalled ? `${DEPENDENCIES}:${INSTALLED}` : pythonPath(context);
  return runtimeStage(project, {
    files: [fileCopy([DEPENDENCIES], DEPENDENCIES, 'dependencies'), ...program],
    environment: { PYTHONPATH: path, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1', ...serverEnvironment(props) },
    // A directory that WORKDIR had to make would have the time of the build.
    workdir: isInstalled && extraFiles.length === 0 ? INSTALLED : APP,
    entrypoint: project.base.entrypoint.length === 0 ? ['python3'] : undefined,
    cmd: [...(props.pythonOptions ?? []), ...start(props), ...(props.args ?? [])],
  });
}

function start({ module: name, main, args = [] }: PythonImageProps): string[] {
  if (name === undefined) return main === undefined ? [] : [main];
  // gunicorn's workers tell that they live by touching a file, which a read-only root file system has no place for.
  const heartbeat = name === 'gunicorn' && !args.includes('--worker-tmp-dir');
  return ['-m', name, ...(heartbeat ? ['--worker-tmp-dir', SHARED_MEMORY] : [])];
}

/** From 25.1 on, gunicorn has a socket for its own tool, which it would otherwise make in the user's home. */
function serverEnvironment({ module: name }: PythonImageProps): Record<string, string> {
  return name === 'gunicorn' ? { XDG_RUNTIME_DIR: SHARED_MEMORY } : {};
}
