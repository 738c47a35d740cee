import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { BaseLibc } from '../../bases/distroless-base';
import { platformOf } from '../distroless-image';
import { fileCopy } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { BinaryImageProps } from './binary-image';
import { readElfProgram } from './elf-header';

const APP = '/app';

/** How a program that is built already becomes an image: with nothing else of its directory, unless it is asked for. */
export function binaryRecipe(project: Project, props: BinaryImageProps): Recipe {
  const binary = posix.normalize(props.binary);
  checkProgram(project, binary);
  const wanted = [binary, ...(props.extraFiles ?? [])];
  const program = posix.join(APP, binary);
  return {
    exclude: ['*', ...wanted.map((path) => `!${path}`)],
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
  const elf = readElfProgram(readFileSync(file));
  if (elf === undefined)
    refuse('it is not a program for Linux', 'build it for Linux; scripts need the image of their language');
  const { platform } = platformOf(project.architecture, project.refusals);
  if (elf?.architecture !== undefined && platform !== `linux/${elf.architecture}`) {
    refuse(
      `it is made for ${elf.architecture}, and the image for ${platform}`,
      'build it for that, or set architecture',
    );
  }
  if ((statSync(file).mode & 0o111) === 0) refuse('it is not executable', 'set its mode with chmod +x');
  checkLibc(project, elf?.interpreter, refuse);
}

/** A program that is linked dynamically names the linker of its C library. */
function checkLibc(
  { base }: Project,
  interpreter: string | undefined,
  refuse: (problem: string, change: string) => never,
): void {
  if (interpreter === undefined) return;
  const libc = /ld-musl/.test(interpreter) ? BaseLibc.MUSL : BaseLibc.GLIBC;
  if (base.libc === libc) return;
  const change =
    libc === BaseLibc.GLIBC
      ? 'use DistrolessBase.BASE or CC, or link it statically'
      : 'link it statically, or against glibc';
  refuse(`it is started by ${interpreter}, which base ${base.reference} does not have`, change);
}
