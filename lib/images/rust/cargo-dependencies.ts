import { posix } from 'node:path';
import { copy, run, shellWord } from '../dockerfile-text';
import type { StagedContext } from '../staged-context';
import type { CargoManifest } from './cargo-manifest';

/** A program, a library and a macro at the same time; documented and allowed, so that no lint of the project's fails it. */
const STAND_IN = "printf '//! -\\n#[allow(dead_code)]\\nfn main() {}\\n'";

/** What Cargo and rustup read besides manifests. */
const SETTINGS = ['Cargo.lock', '.cargo', 'rust-toolchain', 'rust-toolchain.toml'];

/** Where Cargo looks for the root files of programs, tests and the like. */
const ROOTS = /^(src\/(main|lib)|build|src\/bin\/[^/]+(\/main)?|(examples|tests|benches)\/[^/]+(\/main)?)\.rs$/;

/** Copies what tells Cargo the dependencies: manifests and settings, and the dependencies themselves where the project has them. */
export function copyManifests(manifests: readonly CargoManifest[], context: StagedContext): string[] {
  const settings = SETTINGS.filter((name) => context.has(name) && !context.hasDirectory(name));
  const folders = ['.cargo', 'vendor'].filter((name) => context.hasDirectory(name));
  const others = manifests.map(({ directory }) => directory).filter((directory) => directory !== '.');
  return [
    copy(['Cargo.toml', ...settings], './'),
    ...folders.map((name) => copy([name], `./${name}`)),
    ...others.map((directory) => copy([`${directory}/Cargo.toml`], `./${directory}/`)),
  ];
}

/**
 * Compiles the dependencies before the sources are there, with files that do nothing in their place.
 *
 * A cache mount of `target` would do, too, but all builds on a machine share it, and Cargo, which goes by times, could take the
 * program of one for that of another. What fails here, because a stand-in is not enough for it, is left to the build that follows.
 */
export function compileDependencies(
  manifests: readonly CargoManifest[],
  context: StagedContext,
  build: string,
  mounts: readonly string[],
): string {
  const sources = rootsOf(manifests, context).map(shellWord);
  const folders = [...new Set(sources.map((path) => posix.dirname(path)))];
  return run(
    [`mkdir -p ${folders.join(' ')}`, `${STAND_IN} | tee ${sources.join(' ')} > /dev/null`, `(${build} || true)`],
    mounts,
  );
}

function rootsOf(manifests: readonly CargoManifest[], context: StagedContext): string[] {
  const named = new Set(manifests.flatMap(({ sources }) => sources));
  const isRoot = (path: string) =>
    named.has(path) || manifests.some(({ directory }) => ROOTS.test(posix.relative(directory, path)));
  return context.files().filter(isRoot);
}
