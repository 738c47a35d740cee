import type { DistrolessBase } from '../../bases/distroless-base';
import { BaseLibc } from '../../bases/distroless-base';
import type { ElfProgram } from './elf-program';

/** Why a base cannot run a program, and what to do. */
export interface Misfit {
  readonly problem: string;
  readonly change: string;
}

/** The GNU C library of the releases that bases are made of. */
const GLIBC: Readonly<Record<string, string>> = { bookworm: '2.36', trixie: '2.41', noble: '2.39', al2023: '2.34' };

/** The names that glibc and musl go by. */
const C_LIBRARY = /^libc\.(so\.6|musl-.+)$/;

/** Libraries that some of Google's bases have and others have not. */
const TLS = ['libssl.so.3', 'libcrypto.so.3', 'libz.so.1', 'libzstd.so.1'];
const CXX = ['libstdc++.so.6', 'libgcc_s.so.1', 'libgomp.so.1'];

const LIBRARIES: ReadonlyArray<readonly [base: RegExp, lacks: readonly string[], change: string]> = [
  [/\/base-nossl-/, [...TLS, ...CXX], 'use DistrolessBase.CC'],
  [/\/base-/, CXX, 'use DistrolessBase.CC, or link it statically (-static-libgcc -static-libstdc++)'],
];

/**
 * Finds what a program needs of a C library that a base does not have; undefined when nothing is known to be missing.
 *
 * @param alone whether no other files come with the program, which could be the libraries that it needs
 */
export function misfitOf(program: ElfProgram, base: DistrolessBase, alone: boolean): Misfit | undefined {
  const needed = program.interpreter ?? program.libraries.find((name) => C_LIBRARY.test(name));
  if (needed === undefined) return undefined;
  const misfit = libcMisfit(program, needed, base) ?? releaseMisfit(program, base);
  return misfit ?? (alone ? libraryMisfit(program, base) : undefined);
}

/** What is linked dynamically names its C library: a program by the linker that starts it, a library by its name. */
function libcMisfit(
  { interpreter }: ElfProgram,
  needed: string,
  { libc, reference }: DistrolessBase,
): Misfit | undefined {
  const wanted = /musl/.test(needed) ? BaseLibc.MUSL : BaseLibc.GLIBC;
  if (libc === wanted) return undefined;
  return {
    problem: `it is ${interpreter === undefined ? 'linked with' : 'started by'} ${needed}, which base ${reference} does not have`,
    change:
      wanted === BaseLibc.GLIBC
        ? 'use DistrolessBase.BASE or CC, or link it statically'
        : 'link it statically, or against glibc',
  };
}

function releaseMisfit({ glibc }: ElfProgram, { release, reference }: DistrolessBase): Misfit | undefined {
  const available = GLIBC[release ?? ''];
  if (glibc === undefined || available === undefined || minorOf(glibc) <= minorOf(available)) return undefined;
  return {
    problem: `it needs glibc ${glibc}, and base ${reference} has ${available}`,
    change: `build it on an older distribution, such as the one of the base (${release})`,
  };
}

function libraryMisfit({ libraries }: ElfProgram, base: DistrolessBase): Misfit | undefined {
  const [, lacks = [], change = ''] = LIBRARIES.find(([pattern]) => pattern.test(base.upstream)) ?? [];
  const missing = libraries.filter((name) => lacks.includes(name));
  if (missing.length === 0) return undefined;
  return { problem: `it needs ${missing.join(' and ')}, which base ${base.reference} does not have`, change };
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
