import type { BuildRequest, SourceLocation } from '../analysis';
import type { BuildStage, Origin } from '../build-stage';
import type { FinishedStage } from '../carry-out';
import { placeOf } from '../carry-out';
import type { CopyStep } from '../file-step';
import { offsetsOfWords } from '../instruction-node';
import type { Place } from '../refusal';
import { isGitSource, isHttpSource } from '../remote-source';
import { archiveFiles } from './archive-files';
import { ContextFiles, UnreadContextFiles } from './context-files';
import type { FileSystem } from './evidence';
import { NO_FILES, unknownFiles } from './evidence';
import { ImageFiles, UntouchedImageFiles } from './image-files';
import { inlineFile } from './inline-file';
import { SearchBudget } from './search-budget';
import { StageFiles } from './stage-files';

/** A source of a copy: where it lies, and its path there. */
export interface OpenedSource {
  readonly source: string;
  readonly files: FileSystem;
  /** As people know it; undefined for what is known by its path. */
  readonly name?: string;
}

export interface CopySource extends OpenedSource {
  readonly name: string;
  /** Where it stands in the instruction; undefined for inline documents. */
  readonly offset?: number;
}

/** Variables that a message names. */
const NAMED_VARIABLES = 3;

/** The file systems that a build copies from, each made when it is first asked for. */
export class FileSystems {
  private readonly ofStages = new Map<BuildStage, FileSystem>();
  private readonly named = new Map<string, FileSystem>();
  private readonly mainContext: FileSystem;
  private readonly sources = new Map<CopyStep, readonly CopySource[]>();
  public readonly budget = new SearchBudget();

  public constructor(
    private readonly request: BuildRequest,
    private readonly finished: ReadonlyMap<BuildStage, FinishedStage>,
    private readonly locate: (place: Place) => SourceLocation,
  ) {
    const label = 'the build context';
    this.mainContext = request.context ? new ContextFiles(request.context, label, []) : new UnreadContextFiles(label);
  }

  /** The files and inline documents that a step copies, with the file systems that they lie in. */
  public sourcesOf(step: CopyStep): readonly CopySource[] {
    const known = this.sources.get(step);
    if (known !== undefined) return known;
    const documents = step.documents.map((document): CopySource => {
      const files = inlineFile(document);
      return { name: files.label, source: `/${document.name}`, files };
    });
    const sources = [...this.pathsOf(step), ...documents];
    this.sources.set(step, sources);
    return sources;
  }

  /** A path that is given twice brings nothing new. */
  private pathsOf(step: CopyStep): CopySource[] {
    const open = this.opener(step);
    const offsets = offsetsOfWords(step.instruction.node, step.instruction.sources);
    const seen = new Set<string>();
    const sources: CopySource[] = [];
    for (const [index, path] of step.sources.entries()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const { source, files, name = path } = open(path);
      sources.push({ name, offset: offsets[index], source, files });
    }
    return sources;
  }

  private opener(step: CopyStep): (source: string) => OpenedSource {
    if (step.unknownVariables.length > 0) {
      const reason = `it depends on ${listed(step.unknownVariables)} of the base image, which is not known`;
      return (source) => ({ source: '/', files: unknownFiles(source, reason, []) });
    }
    const files = step.from === undefined ? this.mainContext : this.ofStage(step.from);
    return step.kind === 'copy' ? (source) => ({ source, files }) : (source) => addedSource(step, source, files);
  }

  public ofStage(stage: BuildStage): FileSystem {
    const known = this.ofStages.get(stage);
    if (known !== undefined) return known;
    const files = this.makeStage(stage);
    this.ofStages.set(stage, files);
    return files;
  }

  private makeStage(stage: BuildStage): FileSystem {
    const chain = stage.chain();
    const [bottom] = chain;
    if (stage.isBareImage) return this.bareImage(bottom.origin);
    const origin = this.originFiles(bottom.origin, [this.locate(bottom.place)]);
    return new StageFiles({
      label: `stage ${stage.label()}${stage.name === '' ? '' : ` (${origin.label})`}`,
      trace: [this.locate(stage.place)],
      bottom: origin,
      steps: chain.flatMap((part) => this.finished.get(part)?.steps ?? []),
      sources: (step) => this.sourcesOf(step),
      filesOf: (source) => this.ofStage(source),
      locate: (step) => this.locate(placeOf(step.command)),
      budget: this.budget,
    });
  }

  /** An image that a copy names itself, without a stage in which something could have been built. */
  private bareImage(origin: Origin | undefined): FileSystem {
    if (origin?.kind !== 'image') return this.originFiles(origin, []);
    return new UntouchedImageFiles(origin.reference, origin.description, []);
  }

  private originFiles(origin: Origin | undefined, trace: readonly SourceLocation[]): FileSystem {
    if (origin?.kind === 'scratch') return NO_FILES;
    if (origin?.kind === 'image') return new ImageFiles(origin.reference, origin.description, trace);
    if (origin?.kind === 'context') return this.ofContext(origin.context.name, origin.context.value, trace);
    return unknownFiles('an image', 'the image was not resolved', trace);
  }

  private ofContext(name: string, value: string, trace: readonly SourceLocation[]): FileSystem {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    const label = `the build context ${name} (${value})`;
    const context = this.request.openContext?.(value);
    const files = context
      ? new ContextFiles(context, label, trace)
      : unknownFiles(label, `the files of ${label} are not at hand`, trace);
    this.named.set(name, files);
    return files;
  }
}

/** Downloads, repositories and archives are not taken as they lie there. */
function addedSource(step: CopyStep, source: string, files: FileSystem): OpenedSource {
  if (isGitSource(source)) return remoteSource(source, 'a repository');
  if (isHttpSource(source)) return remoteSource(source, 'a download');
  return step.unpack === false ? { source, files } : (archiveFiles(files, source) ?? { source, files });
}

function listed(variables: readonly string[]): string {
  const names = variables.slice(0, NAMED_VARIABLES).map((name) => `$${name}`);
  const more = variables.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more variables` : '');
}

function remoteSource(source: string, what: string): OpenedSource {
  const reason = `${source} is ${what}, whose content is not known before the image is built`;
  return { source: '/', files: unknownFiles(source, reason, []) };
}
