import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import { checkBuilder } from '../builder-fit';
import { buildArguments, secretMounts } from '../build-inputs';
import { copy, env, fileCopy, run, shellWord } from '../dockerfile-text';
import type { FileCopy, StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import type { NodejsImageProps } from './nodejs-image';
import type { PackageManager } from './package-manager';
import { packageManagerOf } from './package-manager';
import type { PackageManifest } from './package-manifest';
import { installNeedsSources, readManifest } from './package-manifest';

const APP = '/app';

/** Where npm, Yarn and pnpm look for the credentials of private registries. */
const SECRETS = { npmrc: '/root/.npmrc', yarnrc: '/root/.yarnrc.yml' };

/** What neither a build nor a program reads. */
const EXCLUDE = [
  '**/node_modules',
  '**/.npm',
  '**/.yarn/cache',
  '**/.yarn/unplugged',
  '**/.yarn/install-state.gz',
  '**/.pnp.*',
  '**/.pnpm-store',
  '**/.turbo',
  '**/*.tsbuildinfo',
  '**/coverage',
  '**/.nyc_output',
  '**/__tests__',
  '**/*.test.*',
  '**/*.spec.*',
  'test',
  'tests',
  '*.md',
];

/** Directories that builds write to, by custom. What lies there before a build is left over from another. */
const OUTPUT_DIRECTORIES = ['dist', 'build', 'out', '.next', '.nuxt', '.output', '.svelte-kit'];

/** Files at the top of a project that only tools read; `.npmrc` may hold a token as well. */
const TOOL_FILES =
  /^(\.npmrc|\.yarnrc(\.yml)?|\.yarn|\.pnpmfile\.cjs|pnpm-workspace\.yaml|patches|tsconfig.*\.json|jsconfig\.json|.*\.config\.[cm]?[jt]s|\.(eslint|prettier|swc|babel|mocha|nyc|c8|lintstaged|husky|nvm|node-version).*)$/;

interface NodejsPlan {
  readonly project: Project;
  readonly props: NodejsImageProps;
  readonly manifest: PackageManifest;
  readonly manager: PackageManager;
  readonly main: string;
  /** The script that builds the program; undefined when its sources run as they are. */
  readonly buildScript?: string;
}

/** How a Node.js program becomes an image. */
export function nodejsRecipe(project: Project, props: NodejsImageProps): Recipe {
  checkBuilder(project, BuildTool.NODEJS);
  const manifest = readManifest(project);
  const manager = packageManagerOf(project, manifest);
  const buildScript = buildScriptOf(project, props, manifest);
  const plan = { project, props, manifest, manager, buildScript, main: mainOf(project, props, manifest) };
  return {
    exclude: [...EXCLUDE, ...(buildScript === undefined ? [] : outputDirectories(plan))],
    render: (context) => renderStages(plan, context),
  };
}

function buildScriptOf(project: Project, props: NodejsImageProps, manifest: PackageManifest): string | undefined {
  const script = props.buildScript ?? 'build';
  if (props.skipBuild === true) return undefined;
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

/** What the build makes: `outputs`, or the top directory that `main` is in. */
function outputsOf({ props, main }: NodejsPlan): string[] {
  return props.buildOutputs ?? [main.split('/')[0]];
}

function outputDirectories(plan: NodejsPlan): string[] {
  const tsconfig = plan.project.tryRead('tsconfig.json') ?? '';
  const outDir = /"outDir"\s*:\s*"([^"]+)"/.exec(tsconfig)?.[1];
  const known =
    outDir === undefined ? OUTPUT_DIRECTORIES : [...OUTPUT_DIRECTORIES, posix.normalize(outDir).split('/')[0]];
  return outputsOf(plan).filter((output) => known.includes(output));
}

function renderStages(plan: NodejsPlan, context: StagedContext): StageText[] {
  checkMain(plan, context);
  return [...builderStages(plan, context), finalStage(plan, context)];
}

function builderStages(plan: NodejsPlan, context: StagedContext): StageText[] {
  if (plan.buildScript === undefined) return hasDependencies(plan) ? [productionOnlyStage(plan, context)] : [];
  const stages = [dependenciesStage(plan, context), buildStage(plan)];
  return hasDependencies(plan) ? [...stages, productionStage(plan)] : stages;
}

function hasDependencies({ manifest }: NodejsPlan): boolean {
  return Object.keys(manifest.dependencies).length > 0;
}

/** A program that is not built must be there; one that is compiled from TypeScript must at least have a source. */
function checkMain(plan: NodejsPlan, context: StagedContext): void {
  const { project, props, main } = plan;
  const script = plan.buildScript === undefined ? undefined : plan.manifest.scripts[plan.buildScript];
  if (context.has(main) || (script !== undefined && (!/\btsc\b/.test(script) || hasSource(context, main)))) return;
  const made = script === undefined ? '' : `, nor a source that "${script}" would make it of`;
  project.refusals.refuse(
    'main',
    props.main ?? main,
    `there is no such file in ${project.props.directory}${made}`,
    'name the file that starts the program',
  );
}

function hasSource(context: StagedContext, main: string): boolean {
  const stem = posix.basename(main).replace(/\.[cm]?js$/, '');
  const name = new RegExp(`(^|/)${stem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.[cm]?[jt]sx?$`);
  return context.files().some((file) => name.test(file));
}

function builder({ project }: NodejsPlan): string {
  return project.builder(BuildTool.NODEJS);
}

function dependenciesStage(plan: NodejsPlan, context: StagedContext): StageText {
  const { manager } = plan;
  return {
    comment: 'Everything that the lockfile names, for the build.',
    from: builder(plan),
    name: 'dependencies',
    instructions: [...setup(plan), ...manifests(plan, context), install(plan, manager.install)],
  };
}

function buildStage({ project, manager, main, buildScript }: NodejsPlan): StageText {
  return {
    comment: 'The program.',
    from: 'dependencies',
    name: 'build',
    instructions: [
      'COPY . .',
      ...buildArguments(project),
      run([manager.run(buildScript ?? ''), `test -f ${shellWord(main)}`], secretMounts(project, SECRETS)),
    ],
  };
}

/** Beside the build, so that a change of the sources does not run it again. */
function productionStage(plan: NodejsPlan): StageText {
  return {
    comment: 'The dependencies that the program needs when it runs.',
    from: 'dependencies',
    name: 'production',
    instructions: [install(plan, plan.manager.prune)],
  };
}

function productionOnlyStage(plan: NodejsPlan, context: StagedContext): StageText {
  return {
    comment: 'The dependencies that the program needs when it runs.',
    from: builder(plan),
    name: 'production',
    instructions: [...setup(plan), ...manifests(plan, context), install(plan, plan.manager.installProduction)],
  };
}

function setup({ project, manager }: NodejsPlan): string[] {
  const mounts = [...manager.mounts, ...secretMounts(project, SECRETS)];
  return [
    `WORKDIR ${APP}`,
    ...(manager.environment === undefined ? [] : env(manager.environment)),
    ...(manager.setup.length === 0 ? [] : [run(manager.setup, mounts)]),
  ];
}

function install({ project, manager }: NodejsPlan, command: string): string {
  return run([command], [...manager.mounts, ...secretMounts(project, SECRETS)]);
}

/** What installing reads. All of the sources, when it runs scripts that may read any of them. */
function manifests({ manifest, manager, props }: NodejsPlan, context: StagedContext): string[] {
  if (installNeedsSources(manifest)) return ['COPY . .'];
  const others = [...manager.manifests, ...(props.installFiles ?? [])].filter((path) => context.has(path));
  return [copy(['package.json', manager.lockfile], './'), ...others.map((path) => copy([path], `./${path}`))];
}

function finalStage(plan: NodejsPlan, context: StagedContext): StageText {
  const { project, props, main } = plan;
  const program = plan.buildScript === undefined ? sources(plan, context) : builtFiles(plan);
  const node = project.base.entrypoint.length === 0 ? ['node'] : undefined;
  return runtimeStage(project, {
    files: [
      ...(hasDependencies(plan) ? [fileCopy([`${APP}/node_modules`], `${APP}/node_modules`, 'production')] : []),
      fileCopy(['package.json'], `${APP}/`),
      ...program,
    ],
    environment: { NODE_ENV: 'production' },
    workdir: APP,
    entrypoint: node,
    cmd: [...(props.nodeOptions ?? []), main, ...(props.args ?? [])],
  });
}

function builtFiles(plan: NodejsPlan): FileCopy[] {
  const paths = [...outputsOf(plan), ...(plan.props.extraFiles ?? [])];
  return paths.map((path) => fileCopy([`${APP}/${path}`], `${APP}/${path}`, 'build'));
}

/** The sources themselves, entry by entry, so that what only tools read stays out. */
function sources({ manager }: NodejsPlan, context: StagedContext): FileCopy[] {
  const isProgram = (name: string) => !TOOL_FILES.test(name) && ![manager.lockfile, 'package.json'].includes(name);
  return context
    .entries()
    .filter(isProgram)
    .map((entry) => fileCopy([entry], `${APP}/${entry}`));
}
