import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { copy, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import type { NodejsPlan } from './nodejs-plan';
import { inFolder } from './nodejs-plan';
import { APP, buildStage, dependenciesStage, entrypoint, siblingScripts } from './nodejs-stages';

/** esbuild is at one version, so that the same sources make the same bundle. */
const ESBUILD_VERSION = '0.28.2';

/** Where it is, apart from what the program depends on. */
const BUNDLER = '/opt/bundler';

/** Beside this file, and where it lies in the context. */
const SCRIPT = 'bundle.mjs';
const CONTEXT_FOLDER = '.distroless';

const OUTPUT = '/bundle';

/** A program that becomes one file, with all that it imports in it. */
export function bundleStages(plan: NodejsPlan, context: StagedContext): StageText[] {
  context.write(`${CONTEXT_FOLDER}/${SCRIPT}`, readFileSync(join(__dirname, SCRIPT), 'utf8'));
  const dependencies = dependenciesStage(plan, context);
  const getBundler = run([`npm install --prefix ${BUNDLER} --no-audit --no-fund esbuild@${ESBUILD_VERSION}`]);
  const bundler = [copy([`${CONTEXT_FOLDER}/${SCRIPT}`], `${BUNDLER}/`), getBundler];
  return [
    { ...dependencies, instructions: [...bundler, ...dependencies.instructions] },
    buildStage(plan, [...scripts(plan), bundle(plan)]),
    finalStage(plan),
  ];
}

function scripts(plan: NodejsPlan): string[] {
  const { buildScript, folder, manager } = plan;
  const own = buildScript === undefined ? [] : [`(cd ./${shellWord(folder)} && ${manager.run(buildScript)})`];
  return [...siblingScripts(plan), ...own];
}

function bundle(plan: NodejsPlan): string {
  const target = `node${plan.project.base.runtimeVersion ?? '22'}`;
  const entry = shellWord(inFolder(plan, plan.main));
  return `node ${BUNDLER}/${SCRIPT} ${entry} ${OUTPUT}/${fileName(plan)} ${target}`;
}

/** Sources that are ES modules stay ones, as only these await at their top. */
function fileName({ main, manifest }: NodejsPlan): string {
  const isModule = /\.m[jt]s$/.test(main) || (manifest.type === 'module' && !/\.c[jt]s$/.test(main));
  return isModule ? 'index.mjs' : 'index.cjs';
}

function finalStage(plan: NodejsPlan): StageText {
  const { project, props } = plan;
  const extra = (props.extraFiles ?? []).map((path) => {
    return fileCopy([posix.join(APP, plan.folder, path)], posix.join(APP, path), 'build');
  });
  return runtimeStage(project, {
    files: [fileCopy([`${OUTPUT}/`], `${APP}/`, 'build'), ...extra],
    environment: { NODE_ENV: 'production' },
    workdir: APP,
    entrypoint: entrypoint(plan),
    cmd: [...(props.nodeOptions ?? []), fileName(plan), ...(props.args ?? [])],
  });
}
