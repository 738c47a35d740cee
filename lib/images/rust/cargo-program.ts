import type { Project } from '../project';
import type { CargoManifest } from './cargo-manifest';
import { programsOf } from './cargo-manifest';
import type { RustImageProps } from './rust-image';

/** A program to build, and the package that it belongs to. */
export interface CargoTarget {
  readonly manifest: CargoManifest;
  readonly name: string;
}

/** The program that is meant: the named one, that of the named package or of the directory's, or the only one that there is. */
export function targetOf(
  project: Project,
  props: RustImageProps,
  manifests: readonly CargoManifest[],
  files: readonly string[],
): CargoTarget {
  const packages = props.package === undefined ? manifests : [packageOf(project, props.package, manifests)];
  const targets = packages.flatMap((manifest) => programsOf(manifest, files).map(({ name }) => ({ manifest, name })));
  const own = targets.filter(({ manifest }) => manifest === packages[0]);
  const found =
    props.binary === undefined
      ? (usualTarget(own) ?? only(own) ?? (own.length === 0 ? only(targets) : undefined))
      : targets.find(({ name }) => name === props.binary);
  return found ?? refuseBinary(project, props, targets);
}

/** The one that Cargo runs, or the one that is named like the package. */
function usualTarget(targets: readonly CargoTarget[]): CargoTarget | undefined {
  const usual = targets.find(({ manifest, name }) => name === manifest.defaultRun);
  return usual ?? targets.find(({ manifest, name }) => name === manifest.package);
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function packageOf({ refusals }: Project, wanted: string, manifests: readonly CargoManifest[]): CargoManifest {
  const names = manifests.flatMap((manifest) => manifest.package ?? []);
  const found = manifests.find((manifest) => manifest.package === wanted);
  return found ?? refusals.refuse('package', wanted, 'no Cargo.toml is that of such a package', nameOneOf(names));
}

function refuseBinary(
  { refusals, props }: Project,
  { binary }: RustImageProps,
  targets: readonly CargoTarget[],
): never {
  const names = targets.map(({ name }) => name);
  if (names.length === 0) {
    refusals.refuse('directory', props.directory, 'no package in it has a program', 'give the one of a program');
  }
  const problem = binary === undefined ? 'there is more than one program' : 'there is no such program';
  return refusals.refuse('binary', binary, problem, nameOneOf(names));
}

function nameOneOf(names: readonly string[]): string {
  return `name one of these: ${names.join(', ')}`;
}
