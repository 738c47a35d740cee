import { posix } from 'node:path';
import { BaseRuntime, BuildTool } from '../../bases/distroless-base';
import { buildArguments, buildPlatform, secretMounts } from '../build-inputs';
import { cacheMount, copy, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import type { DotnetImageProps } from './dotnet-image';
import { bringsOwnRuntime, isAheadOfTime, projectFilesIn } from './dotnet-project';

const APP = '/app';

const SECRETS = { 'nuget.config': '/root/.nuget/NuGet/NuGet.Config' };

const EXCLUDE = ['**/bin', '**/obj', '**/.vs', '**/*.user', '**/TestResults', '*.md'];

const PACKAGES = cacheMount('/root/.nuget/packages');

/** Bases that bring a runtime; on the others the program brings its own. */
const RUNTIMES = [BaseRuntime.DOTNET, BaseRuntime.ASPNET];

/** What restoring reads besides the project files. */
const SHARED_FILES =
  /(^|\/)(Directory\.(Build|Packages)\.(props|targets)|global\.json|nuget\.config|packages\.lock\.json)$/i;

interface DotnetPlan {
  readonly project: Project;
  readonly props: DotnetImageProps;
  readonly projectFile: string;
  readonly assembly: string;
  /** The program has its runtime with it. */
  readonly selfContained: boolean;
  /** The program is machine code. */
  readonly aheadOfTime: boolean;
}

/** How a .NET program becomes an image. */
export function dotnetRecipe(project: Project, props: DotnetImageProps): Recipe {
  const projectFile = projectFileOf(project, props);
  const text = project.read(projectFile, 'name the project file');
  const declared = /<AssemblyName>\s*([^<]+?)\s*</.exec(text)?.[1];
  const plan = {
    project,
    props,
    projectFile,
    assembly: props.assembly ?? declared ?? posix.basename(projectFile).replace(/\.\w+$/, ''),
    selfContained: bringsOwnRuntime(text) || !RUNTIMES.includes(project.base.runtime),
    aheadOfTime: isAheadOfTime(text),
  };
  checkFramework(plan, text);
  checkSdk(plan);
  const render = (context: StagedContext) => [buildStage(plan, context), finalStage(plan)];
  return { exclude: EXCLUDE, manifests: [projectFile], isCompiled: true, render };
}

function projectFileOf(project: Project, props: DotnetImageProps): string {
  if (props.projectFile !== undefined) {
    if (project.has(props.projectFile)) return posix.normalize(props.projectFile);
    const problem = `there is no such file in ${project.props.directory}`;
    project.refusals.refuse('projectFile', props.projectFile, problem, 'name the project file');
  }
  const files = projectFilesIn(project.props.directory);
  if (files.length === 1) return files[0];
  return project.refuseDirectory(
    files.length === 0
      ? 'there is no project file in it'
      : `there are several project files in it: ${files.join(', ')}`,
    'name the one that is the program with projectFile',
  );
}

/** `net10.0` runs on .NET 10 only, unless it brings its own runtime. */
function checkFramework({ project, projectFile, selfContained }: DotnetPlan, text: string): void {
  const framework = /<TargetFramework>\s*net(\d+\.\d+)/.exec(text)?.[1];
  const { reference, runtimeVersion } = project.base;
  if (selfContained || framework === undefined || runtimeVersion === undefined || framework === runtimeVersion) return;
  const problem = `it has .NET ${runtimeVersion}, and ${projectFile} is for .NET ${framework}`;
  project.refusals.refuse('base', reference, problem, `use a base with .NET ${framework}`);
}

/** https://learn.microsoft.com/dotnet/core/tools/global-json: without a roll-forward to it, another major version is refused. */
function checkSdk({ project }: DotnetPlan): void {
  const text = project.tryRead('global.json') ?? '';
  const wanted = /"version"\s*:\s*"(\d+)\./.exec(text)?.[1];
  const builder = project.builderReference(BuildTool.DOTNET);
  const available = /\/sdk:(\d+)/.exec(builder)?.[1];
  const rollsForward = /"rollForward"\s*:\s*"(latestM|m)ajor"/i.test(text) && Number(wanted) < Number(available);
  if (wanted === undefined || available === undefined || wanted === available || rollsForward) return;
  project.refuseDirectory(
    `global.json wants version ${wanted} of the SDK, and the builder ${builder} has ${available}`,
    'leave it out with exclude, or make them agree',
  );
}

function buildStage(plan: DotnetPlan, context: StagedContext): StageText {
  const { project, aheadOfTime } = plan;
  const mounts = [PACKAGES, ...secretMounts(project, SECRETS)];
  return {
    comment: 'The program.',
    from: builderOf(plan),
    // Machine code is linked by the tools of the architecture that it is for.
    platform: aheadOfTime ? undefined : buildPlatform(project),
    name: 'build',
    instructions: [
      'ARG TARGETARCH',
      'WORKDIR /src',
      ...manifests(context).map((path) => copy([path], `./${path}`)),
      run([restore(plan)], mounts),
      'COPY . .',
      ...buildArguments(project),
      run([publish(plan), ...(aheadOfTime ? [`find ${APP} -name '*.dbg' -delete`] : [])], mounts),
    ],
  };
}

/** Ahead of time, the variant of the SDK that has a linker. */
function builderOf({ project, aheadOfTime }: DotnetPlan): string {
  if (!aheadOfTime || project.props.builder !== undefined) return project.builder(BuildTool.DOTNET);
  return project.image(`${project.base.builderImage(BuildTool.DOTNET)}-aot`);
}

/** What is to be published decides what has to be restored. */
function restore({ projectFile, selfContained }: DotnetPlan): string {
  return `dotnet restore ${shellWord(projectFile)} --arch $TARGETARCH${selfContained ? ' -p:SelfContained=true' : ''}`;
}

/**
 * A program that the runtime starts needs no executable of its own. What is for a .NET before 8, and brings that, would be published for
 * debugging.
 */
function publish({ projectFile, selfContained }: DotnetPlan): string {
  const kind = selfContained ? '--self-contained true' : '--self-contained false -p:UseAppHost=false';
  const how = `--configuration Release --arch $TARGETARCH --no-restore ${kind} --output ${APP}`;
  return `dotnet publish ${shellWord(projectFile)} ${how}`;
}

function manifests(context: StagedContext): string[] {
  return context.files().filter((file) => /\.(cs|fs|vb)proj$/.test(file) || SHARED_FILES.test(file));
}

function finalStage({ project, props, assembly, selfContained }: DotnetPlan): StageText {
  const extraFiles = (props.extraFiles ?? []).map((path) => fileCopy([path], posix.join(APP, path)));
  const dotnet = project.base.entrypoint[0] ?? '/usr/bin/dotnet';
  return runtimeStage(project, {
    files: [fileCopy([APP], APP, 'build'), ...extraFiles],
    workdir: APP,
    entrypoint: selfContained ? [posix.join(APP, assembly)] : [dotnet, posix.join(APP, `${assembly}.dll`)],
    cmd: props.args,
  });
}
