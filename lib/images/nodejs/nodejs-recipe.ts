import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import { checkBuilder } from '../builder-fit';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { bundleStages } from './bundle';
import type { NodejsImageProps } from './nodejs-image';
import type { NodejsPlan } from './nodejs-plan';
import { checkMain, hasBuildScript, inFolder, nodejsPlan } from './nodejs-plan';
import { nodejsStages, outputsOf } from './nodejs-stages';

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
];

/** The same at the top of a package. */
const EXCLUDE_AT_TOP = ['test', 'tests', '*.md'];

/** Directories that builds write to, by custom. What lies there before a build is left over from another. */
const OUTPUT_DIRECTORIES = ['dist', 'build', 'out', '.next', '.nuxt', '.output', '.svelte-kit'];

/** How a Node.js program becomes an image. */
export function nodejsRecipe(project: Project, props: NodejsImageProps): Recipe {
  checkBuilder(project, BuildTool.NODEJS);
  const plan = nodejsPlan(project, props);
  return {
    exclude: [...EXCLUDE, ...EXCLUDE_AT_TOP, ...excludedPackages(plan), ...leftOvers(plan)],
    manifests: ['package.json', plan.manager.lockfile],
    render: (context) => {
      checkMain(plan, context);
      return props.bundle === true ? bundleStages(plan, context) : nodejsStages(plan, context);
    },
  };
}

/** Of the packages that the program does not need, package managers want to see the manifests all the same. */
function excludedPackages({ workspace }: NodejsPlan): string[] {
  if (workspace === undefined) return [];
  const needed = [workspace.service, ...workspace.build];
  const others = workspace.all.filter((candidate) => !needed.includes(candidate));
  return [
    ...others.flatMap(({ path }) => [path, `!${path}/package.json`]),
    ...needed.flatMap(({ path }) => EXCLUDE_AT_TOP.map((pattern) => posix.join(path, pattern))),
  ];
}

function leftOvers(plan: NodejsPlan): string[] {
  const own = plan.buildScript === undefined ? [] : outputDirectories(plan).map((path) => inFolder(plan, path));
  const siblings = (plan.workspace?.build ?? []).filter(hasBuildScript).map(({ path }) => posix.join(path, 'dist'));
  return [...own, ...siblings];
}

function outputDirectories(plan: NodejsPlan): string[] {
  const tsconfig = plan.project.tryRead(inFolder(plan, 'tsconfig.json')) ?? '';
  const outDir = /"outDir"\s*:\s*"([^"]+)"/.exec(tsconfig)?.[1];
  const known =
    outDir === undefined ? OUTPUT_DIRECTORIES : [...OUTPUT_DIRECTORIES, posix.normalize(outDir).split('/')[0]];
  return outputsOf(plan).filter((output) => known.includes(output));
}
