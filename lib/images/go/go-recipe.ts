import { posix } from 'node:path';
import { BaseLibc, BuildTool } from '../../bases/distroless-base';
import { checkBuilder } from '../builder-fit';
import { buildArguments, secretMounts } from '../build-inputs';
import { cacheMount, copy, env, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import type { GoImageProps } from './go-image';
import { modulesOf } from './go-modules';
import type { GoModules } from './go-modules';

/** Where Go and git look for the credentials of private modules. */
const SECRETS = { netrc: '/root/.netrc', gitconfig: '/root/.gitconfig' };

const EXCLUDE = ['**/*_test.go', '**/*.prof', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'];

const MODULE_CACHE = cacheMount('/go/pkg/mod');
const BUILD_CACHE = cacheMount('/root/.cache/go-build');

const APP = '/app';

/** Where the program lies in the image. */
const PROGRAM = '/app/main';

interface GoPlan {
  readonly project: Project;
  readonly props: GoImageProps;
  readonly modules: GoModules;
  readonly main: string;
}

/** How a Go program becomes an image. */
export function goRecipe(project: Project, props: GoImageProps): Recipe {
  const plan = { project, props, modules: modulesOf(project), main: mainOf(project, props) };
  if (props.cgo === true) checkBuilder(project, BuildTool.GO);
  checkBase(plan);
  checkVariables(plan);
  const { manifests } = plan.modules;
  const render = (context: StagedContext) => renderStages(plan, context);
  return { exclude: EXCLUDE, manifests, isCompiled: true, probeCompiler: 'go', render };
}

function mainOf(project: Project, props: GoImageProps): string {
  const path = posix.normalize(props.main ?? '.').replace(/\/$/, '');
  if (posix.isAbsolute(path) || path.startsWith('..')) {
    project.refusals.refuse('main', props.main, 'it lies outside of the directory', 'give a path such as ./cmd/api');
  }
  return path;
}

function checkBase({ project, props }: GoPlan): void {
  if (props.cgo === true && project.base.libc !== BaseLibc.GLIBC) {
    project.refusals.refuse(
      'cgo',
      true,
      `the program would need the GNU C library, which base ${project.base.reference} does not have`,
      'use DistrolessBase.BASE',
    );
  }
}

function checkVariables({ project, props }: GoPlan): void {
  for (const [name, value] of Object.entries(props.variables ?? {})) {
    if (!/['\n]/.test(value)) continue;
    project.refusals.refuse(`variables.${name}`, value, 'the linker takes no quotes or line breaks', 'leave them out');
  }
}

function renderStages(plan: GoPlan, context: StagedContext): StageText[] {
  checkMain(plan, context);
  return [buildStage(plan), finalStage(plan)];
}

/** The package to build must be a program; names those that are, when it is not. */
function checkMain({ project, props, main }: GoPlan, context: StagedContext): void {
  const programs = context.files().filter((file) => file.endsWith('.go') && isProgram(project, file));
  if (programs.some((file) => posix.dirname(file) === main)) return;
  const others = [...new Set(programs.map((file) => `./${posix.dirname(file)}`))].filter((path) => path !== './.');
  project.refusals.refuse(
    'main',
    props.main ?? '.',
    `there is no package main in ${posix.join(project.props.directory, main)}`,
    others.length === 0 ? 'name the directory of the program' : `name one of these: ${others.join(', ')}`,
  );
}

function isProgram(project: Project, file: string): boolean {
  const text = project.tryRead(file) ?? '';
  return (
    !file.split('/').includes('vendor') && /^package\s+main\b/m.test(text) && !/^\/\/go:build ignore\b/m.test(text)
  );
}

function buildStage(plan: GoPlan): StageText {
  const { project, props, modules } = plan;
  const cross = props.cgo !== true;
  return {
    comment: 'The program.',
    from: project.builder(BuildTool.GO),
    platform: cross ? '$BUILDPLATFORM' : undefined,
    name: 'build',
    instructions: [
      ...(cross ? ['ARG TARGETOS', 'ARG TARGETARCH'] : []),
      'WORKDIR /src',
      ...env({ CGO_ENABLED: cross ? '0' : '1', GOTOOLCHAIN: 'local', ...privateModules(props) }),
      ...downloads(project, modules),
      'COPY . .',
      ...buildArguments(project),
      run([goBuild(plan)], [MODULE_CACHE, BUILD_CACHE, ...secretMounts(project, SECRETS)]),
    ],
  };
}

function privateModules({ privateModules: patterns = [] }: GoImageProps): Record<string, string> {
  return patterns.length === 0 ? {} : { GOPRIVATE: patterns.join(',') };
}

/** Modules are downloaded before the sources are copied, unless the project carries them with it. */
function downloads(project: Project, modules: GoModules): string[] {
  if (modules.vendored) return [];
  const copies = modules.directories.map((directory) =>
    copy(
      modules.manifests.filter((file) => posix.dirname(file) === directory),
      directory === '.' ? './' : `./${directory}/`,
    ),
  );
  if (modules.downloads?.length === 0) return copies;
  const download = ['go mod download', ...(modules.downloads ?? []).map(shellWord)].join(' ');
  return [...copies, run([download], [MODULE_CACHE, ...secretMounts(project, SECRETS)])];
}

function goBuild({ props, main }: GoPlan): string {
  const variables = Object.entries(props.variables ?? {}).map(
    ([name, value]) => `-X ${linkerWord(`${name}=${value}`)}`,
  );
  const ldflags = ['-s', '-w', ...(props.ldflags ?? []), ...variables].join(' ');
  const target = props.cgo === true ? '' : 'GOOS=$TARGETOS GOARCH=$TARGETARCH ';
  const tags = props.tags === undefined || props.tags.length === 0 ? '' : ` -tags ${shellWord(props.tags.join(','))}`;
  const path = main === '.' ? '.' : `./${main}`;
  return `${target}go build -trimpath -buildvcs=false${tags} -ldflags ${shellWord(ldflags)} -o ${PROGRAM} ${shellWord(path)}`;
}

/** The linker splits its options at spaces, but not within quotes. */
function linkerWord(word: string): string {
  return /\s/.test(word) ? `'${word}'` : word;
}

function finalStage({ project, props }: GoPlan): StageText {
  const extraFiles = (props.extraFiles ?? []).map((path) => fileCopy([path], posix.join(APP, path)));
  return runtimeStage(project, {
    files: [fileCopy([PROGRAM], PROGRAM, 'build'), ...extraFiles],
    workdir: APP,
    entrypoint: [PROGRAM],
    cmd: props.args,
  });
}
