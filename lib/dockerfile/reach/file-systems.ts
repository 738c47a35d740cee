import type { BuildRequest, SourceLocation } from '../analysis';
import type { BuildStage, Origin } from '../build-stage';
import type { FinishedStage } from '../carry-out';
import { placeOf } from '../carry-out';
import type { CopyStep } from '../file-step';
import type { Place } from '../refusal';
import { isGitSource, isHttpSource } from '../remote-source';
import { archiveFiles } from './archive-files';
import { ContextFiles, UnreadContextFiles } from './context-files';
import type { Evidence, FileSystem } from './evidence';
import { NO_FILES, unknownFiles } from './evidence';
import { ImageFiles, UntouchedImageFiles } from './image-files';
import { inlineFile } from './inline-file';
import { StageFiles } from './stage-files';

/** A source of a copy: where it lies, and its path there. */
export interface CopySource {
  readonly source: string;
  readonly files: FileSystem;
}

/** Searches that one analysis may make, so that stages that copy from each other in all ways do not take forever. */
const MAX_SEARCHES = 20_000;
const MAX_DEPTH = 100;

/** The file systems that a build copies from, each made when it is first asked for. */
export class FileSystems {
  private readonly ofStages = new Map<BuildStage, FileSystem>();
  private readonly named = new Map<string, FileSystem>();
  private readonly mainContext: FileSystem;
  private searches = 0;
  private depth = 0;

  public constructor(
    private readonly request: BuildRequest,
    private readonly finished: ReadonlyMap<BuildStage, FinishedStage>,
    private readonly locate: (place: Place) => SourceLocation,
  ) {
    const label = 'the build context';
    this.mainContext = request.context ? new ContextFiles(request.context, label, []) : new UnreadContextFiles(label);
  }

  /** The files and inline documents that a step copies, with the file systems that they lie in. */
  public sourcesOf(step: CopyStep): CopySource[] {
    const files = step.from === undefined ? this.mainContext : this.ofStage(step.from);
    const documents = step.documents.map((document) => ({ source: `/${document.name}`, files: inlineFile(document) }));
    return [...step.sources.map((source) => this.sourceOf(step, source, files)), ...documents];
  }

  private sourceOf(step: CopyStep, source: string, files: FileSystem): CopySource {
    if (step.unknownVariables.length > 0) {
      const names = step.unknownVariables.map((name) => `$${name}`).join(', ');
      const reason = `${source} depends on ${names} of the base image, which is not known`;
      return { source: '/', files: unknownFiles(source, reason, []) };
    }
    if (step.kind === 'copy') return { source, files };
    if (step.keepGitDir || isGitSource(source)) return remoteSource(source, 'a repository');
    if (isHttpSource(source)) return remoteSource(source, 'a download');
    return step.unpack === false ? { source, files } : (archiveFiles(files, source) ?? { source, files });
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
      budget: (search) => this.limited(search),
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

  private limited(search: () => readonly Evidence[]): readonly Evidence[] {
    if (++this.searches > MAX_SEARCHES || this.depth >= MAX_DEPTH) {
      return [{ verdict: 'unproven', reason: 'the stages copy from each other in too many ways', trace: [] }];
    }
    this.depth++;
    try {
      return search();
    } finally {
      this.depth--;
    }
  }
}

function remoteSource(source: string, what: string): CopySource {
  const reason = `${source} is ${what}, whose content is not known before the image is built`;
  return { source: '/', files: unknownFiles(source, reason, []) };
}
