import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Manifest } from 'aws-cdk-lib/cloud-assembly-schema';
import { Acknowledgements } from './acknowledgements';
import { AssemblyError } from './assembly-error';
import type { AssemblyModel, AssemblyProblem } from './assembly-model';
import type { DisplayPath, DockerAsset } from './docker-assets';
import { assetOfMetadata, assetsOfManifest, DockerAssets, IMAGE_METADATA, namedByItsImage } from './docker-assets';
import { fileOfMetadata, filesOfManifest } from './file-assets';
import type { Json, JsonObject } from './json';
import { isObject, members, readJsonObject, textOf } from './json';
import { attachNestedStacks } from './nested-stacks';
import { StackMetadata } from './stack-metadata';
import type { TemplateScopeProps } from './template-scope';
import type { TemplateScope } from './template-scope';
import { readTemplateFile } from './template-scope';

export interface ReadAssemblyOptions {
  /**
   * How to show a Dockerfile to people.
   *
   * @default - its path relative to the working directory
   */
  readonly displayPath?: DisplayPath;
}

/**
 * Reads a cloud assembly (`cdk.out`), Stages and nested stacks included.
 *
 * A stack that cannot be read is a problem of the model, because the others can still be judged.
 *
 * @throws AssemblyError when the directory is no cloud assembly, or one of a schema newer than what this version knows
 */
export function readAssembly(directory: string, options: ReadAssemblyOptions = {}): AssemblyModel {
  const root = resolve(directory);
  const reader = new AssemblyReader(root, options.displayPath ?? pathFromHere);
  reader.readDirectory();
  reader.readUploadedTemplates();
  attachNestedStacks(reader);
  const assets = reader.dockerAssets.map((asset) => namedByItsImage(asset, reader.marks));
  const { templates, problems, acknowledgements, files } = reader;
  return { directory: root, templates, problems, acknowledgements, files, assets: new DockerAssets(assets) };
}

const pathFromHere: DisplayPath = (directory, dockerfile) => relative(process.cwd(), join(directory, dockerfile));

type StackProps = Omit<TemplateScopeProps, 'template' | 'file'>;

/** What has been read so far. */
export class AssemblyReader {
  public readonly templates: TemplateScope[] = [];
  public readonly problems: AssemblyProblem[] = [];
  public readonly dockerAssets: DockerAsset[] = [];
  /** Absolute path of each file asset, by hash: nested templates are found among them. */
  public readonly files = new Map<string, string>();

  public readonly acknowledgements = new Acknowledgements();
  /** What images of this library note down about themselves. */
  public readonly marks: Json[] = [];
  /** The path of each stack, by the directory and the id of its artifact. */
  private readonly stackPaths = new Map<string, string>();

  private readonly uploads: Array<{ url: string; file: string; props: StackProps }> = [];

  public constructor(
    private readonly root: string,
    private readonly displayPath: DisplayPath,
  ) {}

  /** Absolute paths of the assemblies that are being read, the outermost first. */
  private readonly open: string[] = [];

  public readDirectory(directory = this.root): void {
    this.open.push(directory);
    const file = join(directory, 'manifest.json');
    if (!existsSync(file)) throw new AssemblyError(directory, 'there is no manifest.json in it; run cdk synth first');
    const manifest = readJsonObject(file);
    assertKnownSchema(manifest, file);
    if (!isObject(manifest.artifacts ?? {}) || manifest.artifacts === null)
      throw new AssemblyError(file, 'artifacts is not an object');
    const artifacts = members(manifest.artifacts);
    for (const [id, artifact] of artifacts) this.stackPaths.set(join(directory, id), stackPath(id, artifact));
    for (const [id, artifact] of artifacts) {
      if (isObject(artifact)) this.readArtifact(id, artifact, directory, file);
    }
    this.open.pop();
  }

  private readNested(directory: string, manifest: string): void {
    if (this.open.some((outer) => isSame(outer, directory))) {
      throw new AssemblyError(manifest, `the assembly in ${directory} is nested in itself`);
    }
    if (!this.holds(directory))
      throw new AssemblyError(manifest, `the assembly in ${directory} lies outside of this one`);
    this.readDirectory(directory);
  }

  /** The CLI deploys what a stack says is uploaded, which had better be the stack's own template. */
  public readUploadedTemplates(): void {
    for (const { url, file, props } of this.uploads) {
      const uploaded = this.files.get(/[0-9a-f]{64}/.exec(url)?.[0] ?? '');
      if (uploaded === undefined) {
        const reason = `the template that is deployed in its place is not in this assembly: ${url}`;
        this.problems.push({ stack: props.stack, file, reason });
      } else if (uploaded !== file) this.readTemplate(uploaded, props);
    }
  }

  /** Whether a path lies within the assembly; links in it are followed by whoever publishes it, and so they are here. */
  private holds(path: string): boolean {
    return !relative(this.root, path).startsWith('..');
  }

  /** Reads a template, or notes down why it cannot be read. */
  private readTemplate(file: string, props: StackProps): void {
    this.guarded(props.stack, file, () => {
      if (!this.holds(file)) throw new AssemblyError(file, 'lies outside of the assembly');
      this.templates.push(readTemplateFile(file, props, this.templates));
    });
  }

  private readArtifact(id: string, artifact: JsonObject, directory: string, manifest: string): void {
    const properties = isObject(artifact.properties) ? artifact.properties : {};
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        return this.readStack(id, artifact, properties, directory, manifest);
      case 'cdk:asset-manifest':
        return this.guarded(id, join(directory, textOf(properties.file) ?? ''), (file) => this.readAssets(id, file));
      case 'cdk:cloud-assembly':
        return this.readNested(join(directory, textOf(properties.directoryName) ?? ''), manifest);
    }
  }

  private readStack(
    id: string,
    artifact: JsonObject,
    properties: JsonObject,
    directory: string,
    manifest: string,
  ): void {
    const stack = stackPath(id, artifact);
    const metadata = this.readMetadata(stack, artifact, directory, manifest);
    const templateFile = textOf(properties.templateFile) ?? '';
    const file = join(directory, templateFile);
    const props = {
      stack,
      stackName: textOf(properties.stackName) ?? id,
      validatedOnSynth: properties.validateOnSynth === true,
      constructPaths: (template: string) => metadata.constructPaths(relative(directory, template), templateFile),
    };
    this.readTemplate(file, props);
    const url = textOf(properties.stackTemplateAssetObjectUrl);
    if (url !== undefined) this.uploads.push({ url, file, props });
  }

  /** Stacks of the legacy synthesizer have no asset manifest; their assets are in their metadata. */
  private readLegacyAsset(data: Json, directory: string, manifest: string): void {
    const asset = assetOfMetadata(data, manifest, directory, this.displayPath);
    if (asset) this.dockerAssets.push(asset);
    for (const [hash, path] of fileOfMetadata(data, directory)) this.files.set(hash, path);
  }

  private readMetadata(stack: string, artifact: JsonObject, directory: string, manifest: string): StackMetadata {
    const additional = textOf(artifact.additionalMetadataFile);
    let metadata = StackMetadata.of(artifact.metadata);
    this.guarded(stack, additional ? join(directory, additional) : manifest, (file) => {
      if (additional) metadata = StackMetadata.fromFile(file);
      for (const data of metadata.entries('aws:cdk:asset')) this.readLegacyAsset(data, directory, manifest);
      for (const [path, reasons] of metadata.acknowledgedRules()) this.acknowledgements.record(path, reasons);
      this.marks.push(...metadata.entries(IMAGE_METADATA));
    });
    return metadata;
  }

  private readAssets(id: string, file: string): void {
    const manifest = readJsonObject(file);
    const directory = dirname(file);
    // The assets of a stack are listed by an artifact that is called after it.
    const stack = this.stackPaths.get(join(directory, id.replace(/\.assets$/, ''))) ?? id;
    this.dockerAssets.push(...assetsOfManifest(manifest, stack, file, directory, this.displayPath));
    for (const [hash, path] of filesOfManifest(manifest.files, directory)) this.files.set(hash, path);
  }

  private guarded(stack: string, file: string, read: (file: string) => void): void {
    try {
      read(file);
    } catch (error) {
      if (!(error instanceof AssemblyError)) throw error;
      this.problems.push({ stack, file, reason: error.reason });
    }
  }
}

/** Whether two paths lead to the same directory, links followed. */
function isSame(directory: string, other: string): boolean {
  const [path, otherPath] = [directory, other].map((name) => (existsSync(name) ? realpathSync(name) : name));
  return path === otherPath;
}

/** Where the stack's name differs from its path, CDK puts it in brackets behind the path. */
function stackPath(id: string, artifact: Json): string {
  const displayName = isObject(artifact) ? textOf(artifact.displayName) : undefined;
  return displayName?.replace(/ \(.*\)$/, '') ?? id;
}

function assertKnownSchema(manifest: JsonObject, file: string): void {
  const version = textOf(manifest.version) ?? '';
  const known = Manifest.version();
  if (!(Number.parseInt(version) <= Number.parseInt(known))) {
    const reason = `its schema is ${version || 'not stated'} and this version knows up to ${known}; update aws-cdk-lib`;
    throw new AssemblyError(file, reason);
  }
}
