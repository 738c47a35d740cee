import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ElfProgram } from './binary/elf-program';
import { readElfProgram } from './binary/elf-program';
import { misfitOf } from './binary/linkage';
import { platformOf } from './distroless-image';
import type { Project } from './project';
import type { StagedContext } from './staged-context';

/** Addons of Node, and libraries; programs are told by their mode. */
const NAMES = /\.node$|\.so(\.[\d.]+)?$/;

/**
 * Refuses machine code that the image could not run, among the files that go into it as they are.
 *
 * Several builds of one addon may lie side by side, for the program to choose from; one of them has to fit.
 */
export function checkMachineCode(project: Project, context: StagedContext, isCompiled: boolean): void {
  const named = (project.props.extraFiles ?? []).map((path) => posix.normalize(path).replace(/\/$/, ''));
  const isNamed = (file: string) => named.some((path) => file === path || file.startsWith(`${path}/`));
  const files = context.files().filter((file) => isNamed(file) || (!isCompiled && isCandidate(context, file)));
  const judged = files.flatMap((file) => judge(project, context, file));
  const fitting = new Set(judged.filter(({ problem }) => problem === undefined).map(({ file }) => nameOf(file)));
  const unfit = judged.find(({ file, problem }) => problem !== undefined && !fitting.has(nameOf(file)));
  if (unfit === undefined) return;
  project.refuseDirectory(`${unfit.file}: ${unfit.problem}`, 'build it for that, or leave it out with exclude');
}

function isCandidate(context: StagedContext, file: string): boolean {
  return NAMES.test(file) || (statSync(join(context.directory, file)).mode & 0o111) !== 0;
}

/** Without what follows the first dot, which tells one build from another: `addon.glibc.node`. */
function nameOf(file: string): string {
  return posix.basename(file).split('.')[0];
}

interface Judged {
  readonly file: string;
  readonly problem?: string;
}

function judge(project: Project, context: StagedContext, file: string): Judged[] {
  const path = join(context.directory, file);
  const program = isElf(path) ? readElfProgram(readFileSync(path)) : undefined;
  return program === undefined ? [] : [{ file, problem: problemOf(project, program) }];
}

function isElf(path: string): boolean {
  const start = Buffer.alloc(4);
  const descriptor = openSync(path, 'r');
  readSync(descriptor, start);
  closeSync(descriptor);
  return start.readUInt32BE(0) === 0x7f454c46;
}

function problemOf({ architecture, base, refusals }: Project, program: ElfProgram): string | undefined {
  const { platform } = platformOf(architecture, refusals);
  if (platform === `linux/${program.architecture}`) return misfitOf(program, base, false)?.problem;
  return `it is made for ${program.architecture ?? 'another architecture'}, and the image for ${platform}`;
}
