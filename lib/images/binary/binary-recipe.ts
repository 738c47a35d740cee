import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { platformOf } from '../distroless-image';
import { fileCopy } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { BinaryImageProps } from './binary-image';
import { readElfProgram } from './elf-program';
import { misfitOf } from './linkage';

const APP = '/app';

/** How a program that is built already becomes an image: with nothing else of its directory, unless it is asked for. */
export function binaryRecipe(project: Project, props: BinaryImageProps): Recipe {
  const binary = posix.normalize(props.binary);
  checkProgram(project, binary);
  const wanted = [binary, ...(props.extraFiles ?? [])];
  const program = posix.join(APP, binary);
  return {
    exclude: ['*', ...wanted.map((path) => `!${path}`)],
    manifests: [binary],
    render: () => [
      runtimeStage(project, {
        files: [...wanted].reverse().map((path) => fileCopy([path], posix.join(APP, path))),
        workdir: APP,
        entrypoint: [program],
        cmd: props.args,
      }),
    ],
  };
}

function checkProgram(project: Project, binary: string): void {
  const refuse = (problem: string, change: string): never => project.refusals.refuse('binary', binary, problem, change);
  if (posix.isAbsolute(binary) || binary.startsWith('..') || !project.has(binary) || project.hasDirectory(binary)) {
    refuse(`there is no such file in ${project.props.directory}`, 'name the program, relative to the directory');
  }
  const file = join(project.props.directory, binary);
  const bytes = readFileSync(file);
  const program = readElfProgram(bytes);
  if (program === undefined) return refuse(...whatElse(bytes));
  const { platform } = platformOf(project.architecture, project.refusals);
  if (platform !== `linux/${program.architecture}`) {
    refuse(
      `it is made for ${program.architecture ?? 'another architecture'}, and the image for ${platform}`,
      'build it for that, or set architecture',
    );
  }
  if ((statSync(file).mode & 0o111) === 0) refuse('it is not executable', 'set its mode with chmod +x');
  const { extraFiles, sharedLibraries } = project.props;
  const misfit = misfitOf(program, project.base, extraFiles === undefined && sharedLibraries === undefined);
  if (misfit !== undefined) refuse(misfit.problem, misfit.change);
}

/** What people take for a program of Linux, by its first bytes. */
const OTHERS: ReadonlyArray<readonly [start: RegExp, problem: string, change: string]> = [
  [/^#!/, 'it is a script', 'use the image of its language'],
  [/^MZ/, 'it is a program for Windows', 'build it for Linux'],
  [/^(\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/, 'it is a program for macOS', 'build it for Linux'],
  [/^\x7fELF\x01/, 'it is a program of 32 bits', 'build it for 64 bits'],
  [/^\x7fELF/, 'it is a part of a program', 'link it'],
];

function whatElse(bytes: Buffer): [problem: string, change: string] {
  const start = bytes.toString('latin1', 0, 16);
  const [, problem, change] = OTHERS.find(([pattern]) => pattern.test(start)) ?? [];
  return [problem ?? 'it is not a program for Linux', change ?? 'build it for Linux'];
}
