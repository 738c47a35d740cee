import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { output } from '../commands';
import { inFolder } from '../package-layers';
import { RUNTIME_VERSION } from './dotnet-sdk';

/**
 * The runtime as NuGet has it. Who publishes for a runtime identifier wants these packages, and NuGet's registry is none
 * of those that the harness may count on; the SDK has the same files, as the frameworks that it runs programs on.
 */

const FRAMEWORKS = ['Microsoft.NETCore.App', 'Microsoft.AspNetCore.App'];

const MANAGED = 'runtimes/linux-x64/lib/netcoreapp3.1';
const NATIVE = 'runtimes/linux-x64/native';

interface Versions {
  readonly assemblyVersion?: string;
  readonly fileVersion: string;
}

interface Library {
  readonly runtime?: Readonly<Record<string, Versions>>;
  readonly native?: Readonly<Record<string, Versions>>;
}

/** Writes the packages into a folder that NuGet takes for a source. */
export async function addRuntimePacks(sdk: string, feed: string): Promise<void> {
  mkdirSync(feed, { recursive: true });
  for (const framework of FRAMEWORKS) await inFolder((folder) => packFramework(sdk, framework, folder, feed));
}

async function packFramework(sdk: string, framework: string, folder: string, feed: string): Promise<void> {
  const id = `${framework}.Runtime.linux-x64`;
  const files = filesOf(sdk, framework);
  for (const file of files) copy(file, join(folder, placeOf(file)));
  write(join(folder, 'data/RuntimeList.xml'), runtimeList(framework, files, versionsOf(sdk, framework)));
  write(join(folder, `${id}.nuspec`), nuspec(id));
  const archive = join(feed, `${id}.${RUNTIME_VERSION}.nupkg`);
  await output('python3', ['-m', 'zipfile', '-c', archive, ...readdirSync(folder)], { cwd: folder });
}

/** A program that brings its runtime has the host's libraries as well, of which the SDK keeps one elsewhere. */
function filesOf(sdk: string, framework: string): string[] {
  const folder = join(sdk, 'shared', framework, RUNTIME_VERSION);
  const files = readdirSync(folder).filter((name) => /\.(dll|so)$|^createdump$/.test(name));
  const host = framework === 'Microsoft.NETCore.App' ? [join(sdk, 'host/fxr', RUNTIME_VERSION, 'libhostfxr.so')] : [];
  return [...files.map((name) => join(folder, name)), ...host];
}

function placeOf(file: string): string {
  return join(file.endsWith('.dll') ? MANAGED : NATIVE, basename(file));
}

/** The versions of a framework's assemblies by file name, from the list that its own host reads. */
function versionsOf(sdk: string, framework: string): Map<string, Versions> {
  const path = join(sdk, 'shared', framework, RUNTIME_VERSION, `${framework}.deps.json`);
  const { targets } = JSON.parse(readFileSync(path, 'utf8')) as { targets: Record<string, Record<string, Library>> };
  const libraries = Object.values(targets).flatMap((target) => Object.values(target));
  const entries = libraries.flatMap(({ runtime, native }) => Object.entries({ ...runtime, ...native }));
  return new Map(entries.map(([file, versions]) => [basename(file), versions]));
}

/** The list by which the SDK knows what to copy beside a program. */
function runtimeList(framework: string, files: readonly string[], versions: Map<string, Versions>): string {
  const entries = files.map((file) => entryOf(file, versions.get(basename(file))));
  const target = 'Name=".NET Core 3.1" TargetFrameworkIdentifier=".NETCoreApp" TargetFrameworkVersion="3.1"';
  return [`<FileList ${target} FrameworkName="${framework}">`, ...entries, '</FileList>', ''].join('\n');
}

function entryOf(file: string, { assemblyVersion, fileVersion }: Versions = { fileVersion: '0.0.0.0' }): string {
  const assembly = `AssemblyName="${basename(file, '.dll')}" AssemblyVersion="${assemblyVersion}"`;
  const kind = file.endsWith('.dll') ? `Type="Managed" ${assembly}` : 'Type="Native"';
  return `  <File ${kind} Path="${placeOf(file)}" FileVersion="${fileVersion}" />`;
}

function nuspec(id: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>${id}</id>
    <version>${RUNTIME_VERSION}</version>
    <authors>Microsoft</authors>
    <description>The shared framework of the SDK as a package.</description>
    <packageTypes><packageType name="DotnetPlatform" /></packageTypes>
  </metadata>
</package>
`;
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
