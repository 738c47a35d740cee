import { posix } from 'node:path';

/** What a Cargo.toml says of the programs in its package. */
export interface CargoManifest {
  /** Where it lies, relative to the source directory: `.`, `crates/api`. */
  readonly directory: string;
  /** Name of the package; undefined in the Cargo.toml of a workspace without one. */
  readonly package?: string;
  /** The oldest compiler that it says it can do with. */
  readonly rustVersion?: string;
  /** The program that `cargo run` takes of several. */
  readonly defaultRun?: string;
  /** The programs that it names, and the files that they are in. */
  readonly programs: readonly CargoProgram[];
  /** Sources that it names because they are not in their usual place; relative to the source directory. */
  readonly sources: readonly string[];
}

export interface CargoProgram {
  readonly name: string;
  readonly path?: string;
}

interface Section {
  readonly header: string;
  readonly text: string;
}

/** Reads the few keys that are needed; what a table is named must stand in a line of its own, as in every Cargo.toml. */
export function readCargoManifest(path: string, text: string): CargoManifest {
  const directory = posix.dirname(path);
  const sections = sectionsOf(text);
  const of = (header: string) => sections.filter((section) => section.header === header);
  const [own] = of('[package]');
  const targets = ['[lib]', '[[bin]]', '[[example]]', '[[test]]', '[[bench]]'].flatMap(of);
  const named = [...targets.map((section) => valueOf(section, 'path')), valueOf(own, 'build')];
  return {
    directory,
    package: valueOf(own, 'name'),
    rustVersion: valueOf(own, 'rust-version'),
    defaultRun: valueOf(own, 'default-run'),
    programs: of('[[bin]]').flatMap((section) => programOf(section, directory)),
    sources: named.filter((source) => source !== undefined).map((source) => posix.join(directory, source)),
  };
}

/** The programs of a package: those that its Cargo.toml names, and those in the usual places. */
export function programsOf(manifest: CargoManifest, files: readonly string[]): CargoProgram[] {
  const source = posix.join(manifest.directory, 'src');
  const usual = files.flatMap((path) => {
    if (path === posix.join(source, 'main.rs')) return [{ name: manifest.package ?? '', path }];
    const below = posix.relative(posix.join(source, 'bin'), path);
    const name = /^([^/.]+)(\.rs|\/main\.rs)$/.exec(below)?.[1];
    return name === undefined ? [] : [{ name, path }];
  });
  const named = new Set(manifest.programs.map(({ path }) => path));
  const names = new Set(manifest.programs.map(({ name }) => name));
  const others = usual.filter(({ name, path }) => !named.has(path) && !names.has(name));
  return manifest.package === undefined ? [] : [...manifest.programs, ...others];
}

function programOf(section: Section, directory: string): CargoProgram[] {
  const [name, path] = ['name', 'path'].map((key) => valueOf(section, key));
  return name === undefined ? [] : [{ name, path: path === undefined ? undefined : posix.join(directory, path) }];
}

function sectionsOf(text: string): Section[] {
  const parts = text.split(/^[ \t]*(?=\[{1,2}[\w.'"-]+\]{1,2}[ \t]*(?:#.*)?$)/m);
  return parts.map((part) => ({ header: /^\[.*\]/.exec(part)?.[0] ?? '', text: part }));
}

function valueOf(section: Section | undefined, key: string): string | undefined {
  return new RegExp(`^\\s*${key}\\s*=\\s*["']([^"']*)["']`, 'm').exec(section?.text ?? '')?.[1];
}
