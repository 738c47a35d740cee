import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { BaseLibc } from '../../bases/distroless-base';
import { toolByName } from '../../dockerfile/reach/known-paths';
import type { StageText } from '../dockerfile-text';
import { copy, fileCopy, run } from '../dockerfile-text';
import type { Project } from '../project';
import type { StagedContext } from '../staged-context';

const STAGE = 'libraries';
const OUTPUT = '/libraries';

/** Beside this file, and where it lies in the context. */
const SCRIPT = 'shared-libraries.sh';
const CONTEXT_FOLDER = '.distroless';

/** The releases that have a folder of libraries for each architecture, and that there are builders of. */
const MULTIARCH_RELEASES = ['bookworm', 'trixie', 'noble'];

/** What has to find its libraries in the base. */
const CHECK = 'native-modules.sh';

/** A library as programs ask for it, or the path of a file or folder. */
const WANTED = /^([\w.+-]+\.so(\.\d+)*|(\/[\w.+-]+)+)$/;

/**
 * Brings libraries and programs of the builder into the image, with the libraries that they need and the base lacks.
 *
 * What they need is what `ldd` says in the builder, whose release is that of the base. They go to where the dynamic linker of the
 * base looks without being told; what the base has itself stays as it is there.
 */
export function withSharedLibraries(
  stages: readonly StageText[],
  project: Project,
  context: StagedContext,
): readonly StageText[] {
  const wanted = project.props.sharedLibraries ?? [];
  if (wanted.length === 0) return stages;
  checkBase(project);
  wanted.forEach((name) => checkName(project, name));
  context.write(`${CONTEXT_FOLDER}/${SCRIPT}`, readFileSync(join(__dirname, SCRIPT), 'utf8'));
  const image = stages[stages.length - 1];
  const files = [fileCopy([`${OUTPUT}/`], '/', STAGE), ...(image.files ?? [])];
  return [...stages.slice(0, -1), librariesStage(project, wanted, stages[0].name ?? ''), { ...image, files }];
}

/**
 * Instructions that fail the build when native modules in a folder need a library that the base lacks.
 *
 * Nobody but who starts the program would notice otherwise. With `sharedLibraries` the user has looked into that.
 */
export function checkNativeModules(project: Project, context: StagedContext, folder: string): string[] {
  if (!isMultiarch(project) || (project.props.sharedLibraries ?? []).length > 0) return [];
  context.write(`${CONTEXT_FOLDER}/${CHECK}`, readFileSync(join(__dirname, CHECK), 'utf8'));
  return [
    copy([`${CONTEXT_FOLDER}/${CHECK}`], '/checks/'),
    run([`sh /checks/${CHECK} /base ${folder} ${libraryFolder(project)}`], [baseMount(project)]),
  ];
}

function baseMount(project: Project): string {
  return `type=bind,from=${project.image(project.base.reference)},target=/base`;
}

function libraryFolder({ architecture }: Project): string {
  const isArm = architecture._cpuArchitecture === CpuArchitecture.ARM64._cpuArchitecture;
  return `/usr/lib/${isArm ? 'aarch64' : 'x86_64'}-linux-gnu`;
}

function isMultiarch({ base }: Project): boolean {
  return base.libc === BaseLibc.GLIBC && MULTIARCH_RELEASES.includes(base.release ?? '');
}

function checkBase(project: Project): void {
  if (isMultiarch(project)) return;
  const { base, refusals, props } = project;
  const problem =
    base.libc === BaseLibc.GLIBC
      ? `nothing is known of a builder with the libraries of ${base.reference}`
      : `base ${base.reference} has no dynamic linker that would load them`;
  refusals.refuse('sharedLibraries', props.sharedLibraries, problem, 'use DistrolessBase.CC');
}

function checkName({ refusals }: Project, name: string): void {
  if (!WANTED.test(name)) {
    refusals.refuse('sharedLibraries', name, 'it is no library', 'write libpq.so.5, or the path of a file');
  }
  const tool = toolByName(name, 'path');
  if (tool === undefined) return;
  refusals.refuse(
    'sharedLibraries',
    name,
    `it is a ${tool.category}, which the image is to be without`,
    'leave it out',
  );
}

function librariesStage(project: Project, wanted: readonly string[], builder: string): StageText {
  const command = `sh /src/${SCRIPT} /base ${OUTPUT} ${libraryFolder(project)} ${wanted.join(' ')}`;
  return {
    comment: 'Libraries that the base lacks.',
    from: builder,
    name: STAGE,
    instructions: [copy([`${CONTEXT_FOLDER}/${SCRIPT}`], '/src/'), run([command], [baseMount(project)])],
  };
}
