import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { BaseRuntime, BuildTool } from '../../bases/distroless-base';
import { buildArguments, secretMounts } from '../build-inputs';
import { cacheMount, copy, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import type { DotnetImageProps } from './dotnet-image';

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
  readonly selfContained: boolean;
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
    selfContained: !RUNTIMES.includes(project.base.runtime),
  };
  checkFramework(plan, text);
  return { exclude: EXCLUDE, render: (context) => [buildStage(plan, context), finalStage(plan)] };
}

function projectFileOf(project: Project, props: DotnetImageProps): string {
  if (props.projectFile !== undefined) {
    if (project.has(props.projectFile)) return posix.normalize(props.projectFile);
    const problem = `there is no such file in ${project.props.directory}`;
    project.refusals.refuse('projectFile', props.projectFile, problem, 'name the project file');
  }
  const files = readdirSync(project.props.directory).filter((name) => /\.(cs|fs|vb)proj$/.test(name));
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

function buildStage(plan: DotnetPlan, context: StagedContext): StageText {
  const { project, projectFile, selfContained } = plan;
  const mounts = [PACKAGES, ...secretMounts(project, SECRETS)];
  const file = shellWord(projectFile);
  const architecture = '--arch $TARGETARCH';
  return {
    comment: 'The program.',
    from: project.builder(BuildTool.DOTNET),
    platform: '$BUILDPLATFORM',
    name: 'build',
    instructions: [
      'ARG TARGETARCH',
      'WORKDIR /src',
      ...manifests(context).map((path) => copy([path], `./${path}`)),
      run([`dotnet restore ${file} ${architecture}`], mounts),
      'COPY . .',
      ...buildArguments(project),
      run(
        [`dotnet publish ${file} ${architecture} --no-restore --self-contained ${selfContained} --output ${APP}`],
        mounts,
      ),
    ],
  };
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
