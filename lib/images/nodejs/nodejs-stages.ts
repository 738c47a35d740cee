import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import { buildArguments, secretMounts } from '../build-inputs';
import { copy, env, fileCopy, run, shellWord } from '../dockerfile-text';
import type { FileCopy, StageText } from '../dockerfile-text';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import type { NodejsPlan } from './nodejs-plan';
import { hasBuildScript, hasDependencies, inFolder, isBuilt, startsDependency } from './nodejs-plan';
import { developmentScripts, forProduction, installNeedsSources } from './package-manifest';
import type { WorkspacePackage } from './workspaces';

export const APP = '/app';

/** Where the dependencies of several packages are put together, each where it was installed. */
const MODULES = '/modules';

/** Where npm, Yarn and pnpm look for the credentials of private registries. */
const SECRETS = { npmrc: '/root/.npmrc', yarnrc: '/root/.yarnrc.yml' };

/** Files at the top of a project that only tools read; `.npmrc` may hold a token as well. */
const TOOL_FILES =
  /^(\.npmrc|\.yarnrc(\.yml)?|\.yarn|\.pnpmfile\.cjs|pnpm-workspace\.yaml|patches|tsconfig.*\.json|jsconfig\.json|.*\.config\.[cm]?[jt]s|\.(eslint|prettier|swc|babel|mocha|nyc|c8|lintstaged|husky|nvm|node-version).*)$/;

/** A program whose files stay what they are: dependencies, build, image. */
export function nodejsStages(plan: NodejsPlan, context: StagedContext): StageText[] {
  const built = isBuilt(plan) ? [dependenciesStage(plan, context), buildStage(plan, scripts(plan))] : [];
  const production = hasDependencies(plan) ? [productionStage(plan, context)] : [];
  return [...built, ...production, finalStage(plan, context)];
}

/** What the build makes: `buildOutputs`, or the top directory that `main` is in. */
export function outputsOf({ props, main }: NodejsPlan): string[] {
  return props.buildOutputs ?? [main.split('/')[0]];
}

export function dependenciesStage(plan: NodejsPlan, context: StagedContext): StageText {
  return {
    comment: 'Everything that the lockfile names, for the build.',
    from: builder(plan),
    name: 'dependencies',
    instructions: [
      ...setup(plan),
      ...manifests(plan, context, [{ path: '', manifest: plan.rootManifest }, ...(plan.workspace?.all ?? [])]),
      install(plan, [plan.manager.install]),
    ],
  };
}

export function buildStage({ project }: NodejsPlan, commands: readonly string[]): StageText {
  return {
    comment: 'The program.',
    from: 'dependencies',
    name: 'build',
    instructions: ['COPY . .', ...buildArguments(project), run(commands, secretMounts(project, SECRETS))],
  };
}

/** The scripts of the packages that the program needs, and its own. */
function scripts(plan: NodejsPlan): string[] {
  const { manager, workspace, main, folder, buildScript } = plan;
  const own = buildScript === undefined ? [] : [inPlace(folder, manager.run(buildScript))];
  // What is copied from here comes with the production dependencies instead.
  const modules = (workspace?.runtime ?? []).filter(hasBuildScript).map(({ path }) => `${path}/node_modules`);
  return [
    ...siblingScripts(plan),
    ...own,
    ...(buildScript === undefined || startsDependency(plan) ? [] : [`test -f ${shellWord(posix.join(folder, main))}`]),
    ...(modules.length === 0 ? [] : [`rm -rf ${modules.map(shellWord).join(' ')}`]),
  ];
}

/** The build scripts of other packages of the repository, each before those that need it. */
export function siblingScripts({ manager, workspace }: NodejsPlan): string[] {
  return (workspace?.build ?? []).filter(hasBuildScript).map(({ path }) => inPlace(path, manager.run('build')));
}

function inPlace(folder: string, command: string): string {
  return folder === '' ? command : `(cd ${shellWord(folder)} && ${command})`;
}

function productionStage(plan: NodejsPlan, context: StagedContext): StageText {
  const comment = 'The dependencies that the program needs when it runs.';
  if (plan.workspace === undefined && isBuilt(plan)) {
    // Beside the build, so that a change of the sources does not run it again.
    const instructions = [install(plan, [plan.manager.prune, ...tidy(plan)])];
    return { comment, from: 'dependencies', name: 'production', instructions };
  }
  return { comment, from: builder(plan), name: 'production', instructions: freshInstall(plan, context) };
}

function freshInstall(plan: NodejsPlan, context: StagedContext): string[] {
  const { manager, workspace } = plan;
  const needed = workspace && [workspace.service, ...workspace.runtime];
  const seen = (manager.wantsAllWorkspaces ? workspace?.all : needed) ?? [];
  const packages = [{ path: '', manifest: plan.rootManifest }, ...seen];
  return [
    ...setup(plan),
    ...manifests(
      plan,
      context,
      packages.map(({ path, manifest }) => ({ path, manifest: forProduction(manifest) })),
    ),
    install(plan, [
      ...packages.flatMap(withoutDevelopmentScripts),
      workspace === undefined ? manager.installProduction : manager.focus(workspace.service),
      ...tidy(plan),
      ...(needed === undefined ? [] : gather(needed)),
    ]),
  ];
}

/** With nothing but production dependencies, what developers run after an installation finds its tools missing. */
function withoutDevelopmentScripts({ path, manifest }: WorkspacePackage): string[] {
  const names = developmentScripts(manifest).map((name) => `scripts.${name}`);
  return names.length === 0 ? [] : [inPlace(path, `npm pkg delete ${names.join(' ')}`)];
}

/** A package has dependencies of its own where it wants another version than the rest, and with pnpm always. */
function gather(packages: readonly WorkspacePackage[]): string[] {
  const folders = ['.', ...packages.map(({ path }) => shellWord(path))].join(' ');
  const move = `mkdir -p ${MODULES}/$folder && mv $folder/node_modules ${MODULES}/$folder/`;
  return [`for folder in ${folders}; do if [ -d $folder/node_modules ]; then ${move} || exit 1; fi; done`];
}

/** What package managers note down for themselves: when they ran, and where. */
function tidy({ manager }: NodejsPlan): string[] {
  return manager.notes.length === 0 ? [] : [`rm -f ${manager.notes.map((file) => `node_modules/${file}`).join(' ')}`];
}

export function builder({ project }: NodejsPlan): string {
  return project.builder(BuildTool.NODEJS);
}

function setup({ project, manager }: NodejsPlan): string[] {
  const mounts = [...manager.mounts, ...secretMounts(project, SECRETS)];
  return [
    `WORKDIR ${APP}`,
    ...(manager.environment === undefined ? [] : env(manager.environment)),
    ...(manager.setup.length === 0 ? [] : [run(manager.setup, mounts)]),
  ];
}

export function install({ project, manager }: NodejsPlan, commands: readonly string[]): string {
  return run(commands, [...manager.mounts, ...secretMounts(project, SECRETS)]);
}

/** What installing reads. All of the sources, when it runs scripts that may read any of them. */
function manifests(
  { manager, props }: NodejsPlan,
  context: StagedContext,
  packages: readonly WorkspacePackage[],
): string[] {
  if (packages.some(({ manifest }) => installNeedsSources(manifest))) return ['COPY . .'];
  const others = [...manager.manifests, ...(props.installFiles ?? [])].filter((path) => context.has(path));
  const ofPackages = packages.filter(({ path }) => path !== '').map(({ path }) => `${path}/package.json`);
  return [
    copy(['package.json', manager.lockfile], './'),
    ...[...others, ...ofPackages].map((path) => copy([path], `./${path}`)),
  ];
}

function finalStage(plan: NodejsPlan, context: StagedContext): StageText {
  const { project, props, main, folder } = plan;
  const program = plan.buildScript === undefined ? sources(plan, context, folder) : builtFiles(plan);
  return runtimeStage(project, {
    files: [
      ...(hasDependencies(plan) ? [modules(plan)] : []),
      ...(plan.workspace?.runtime ?? []).flatMap((sibling) => siblingFiles(plan, sibling, context)),
      fileCopy([inFolder(plan, 'package.json')], posix.join(APP, folder, '/')),
      ...program,
    ],
    environment: { NODE_ENV: 'production' },
    workdir: posix.join(APP, folder),
    entrypoint: entrypoint(plan),
    cmd: [...(props.nodeOptions ?? []), main, ...(props.args ?? [])],
  });
}

/** Bases whose entrypoint is not Node want it named. */
export function entrypoint({ project }: NodejsPlan): string[] | undefined {
  return project.base.entrypoint.length === 0 ? ['node'] : undefined;
}

function modules({ workspace }: NodejsPlan): FileCopy {
  if (workspace !== undefined) return fileCopy([`${MODULES}/`], `${APP}/`, 'production');
  return fileCopy([`${APP}/node_modules`], `${APP}/node_modules`, 'production');
}

function builtFiles(plan: NodejsPlan): FileCopy[] {
  const paths = [...outputsOf(plan), ...(plan.props.extraFiles ?? [])].map((path) =>
    posix.join(APP, plan.folder, path),
  );
  return paths.map((path) => fileCopy([path], path, 'build'));
}

/** Of another package, what it would publish: its `files`; all of it, when it does not name any. */
function siblingFiles(plan: NodejsPlan, sibling: WorkspacePackage, context: StagedContext): FileCopy[] {
  if (!hasBuildScript(sibling)) {
    const manifest = posix.join(sibling.path, 'package.json');
    return [fileCopy([manifest], posix.join(APP, manifest)), ...sources(plan, context, sibling.path)];
  }
  const files = sibling.manifest.files.filter((pattern) => !/[*!?{[]/.test(pattern));
  const wanted = files.length === 0 ? [''] : ['package.json', ...files];
  const paths = wanted.map((path) => posix.join(APP, sibling.path, path).replace(/\/$/, ''));
  return paths.map((path) => fileCopy([path], path, 'build'));
}

/** The sources themselves, entry by entry, so that what only tools read stays out. */
function sources({ manager }: NodejsPlan, context: StagedContext, folder: string): FileCopy[] {
  const isProgram = (name: string) => !TOOL_FILES.test(name) && ![manager.lockfile, 'package.json'].includes(name);
  return context
    .entries(folder)
    .filter(isProgram)
    .map((name) => posix.join(folder, name))
    .map((path) => fileCopy([path], posix.join(APP, path)));
}
