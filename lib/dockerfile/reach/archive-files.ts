import type { BroughtTool, BuildContext, SourceLocation } from '../analysis';
import { compressionOf, MAGIC_BYTES } from '../../layers/decode/compression';
import { decoderFor } from '../../layers/decode/decoder-for';
import type { Decoder } from '../../layers/decode/decoder';
import { InspectionError } from '../../layers/inspection-error';
import { ContentRecogniser } from '../../layers/recognise/content-recogniser';
import type { BodySink, TarEntry } from '../../layers/tar/tar-entry';
import { displayPath } from '../../layers/tar/tar-entry';
import { TarReader } from '../../layers/tar/tar-reader';
import { ContextFiles } from './context-files';
import type { Evidence, FileSystem } from './evidence';
import { messageOf, toolsOf } from './file-content';
import type { OpenedSource } from './file-systems';
import { absolutePath, isWithin } from './path-pattern';

/** An archive that unpacks to more than this is not looked at to the end. */
const MAX_UNPACKED_BYTES = 8 * 1024 ** 3;
const MAX_ENTRIES = 500_000;

/** What ADD would unpack. */
interface ArchiveContent {
  readonly tools: readonly BroughtTool[];
  /** Why something in it is not known. */
  readonly unproven: readonly string[];
}

/**
 * What ADD would unpack instead of copying it: any archive, whatever it is named.
 *
 * @returns undefined for files that are copied as they are
 */
export function archiveFiles(files: FileSystem, source: string): OpenedSource | undefined {
  const file = files instanceof ContextFiles ? files.fileAt(absolutePath(source)) : undefined;
  const content = file && readArchive(file.context, file.path);
  const archive = content && new ArchiveFiles(source, content);
  return archive && { source: '/', files: archive, name: archive.label };
}

class ArchiveFiles implements FileSystem {
  public readonly trace: readonly SourceLocation[] = [];

  public constructor(
    private readonly archive: string,
    private readonly content: ArchiveContent,
  ) {}

  public get label(): string {
    return `the archive ${this.archive}`;
  }

  public typeOf(): 'directory' {
    return 'directory';
  }

  public contentOf(): undefined {
    return undefined;
  }

  /** What is unpacked is unpacked whole. */
  public lookWithout(path: string): readonly Evidence[] {
    return this.look(path);
  }

  public look(path: string): readonly Evidence[] {
    const tools = this.content.tools.filter((tool) => isWithin(tool.path, path));
    const unproven = this.content.unproven.map((reason) => `${this.label}: ${reason}`);
    return [
      ...tools.map((tool): Evidence => {
        const reason = `${tool.path} of ${this.label} is ${tool.kind} (${tool.category})`;
        return { verdict: 'violation', reason, tool, trace: [] };
      }),
      ...unproven.map((reason): Evidence => ({ verdict: 'unproven', reason, trace: [] })),
    ];
  }
}

function readArchive(context: BuildContext, path: string): ArchiveContent | undefined {
  const inspection = new ArchiveInspection();
  try {
    context.read(path, (chunk) => inspection.push(chunk));
    inspection.finish();
  } catch (error) {
    if (!inspection.isArchive) return inspection.undecided(error);
    return { tools: inspection.tools, unproven: [...inspection.unproven, messageOf(error)] };
  }
  return inspection.isArchive ? { tools: inspection.tools, unproven: inspection.unproven } : undefined;
}

class ArchiveInspection {
  public readonly tools: BroughtTool[] = [];
  public readonly unproven: string[] = [];
  private readonly tar = new TarReader((entry) => this.open(entry));
  private decoder?: Decoder;
  private head = Buffer.alloc(0);
  private unpackedBytes = 0;
  private entries = 0;

  /** A tar archive has at least one entry. */
  public get isArchive(): boolean {
    return this.entries > 0;
  }

  public push(chunk: Uint8Array): boolean {
    if (this.decoder !== undefined) this.decoder.push(chunk);
    else {
      this.head = Buffer.concat([this.head, chunk]);
      if (this.head.length >= MAGIC_BYTES) this.start();
    }
    return true;
  }

  public finish(): void {
    if (this.decoder === undefined) this.start();
    this.decoder?.finish();
    this.tar.finish();
  }

  /** What fails before its first entry is no archive, unless it is packed in a way that cannot be unpacked here. */
  public undecided(error: unknown): ArchiveContent | undefined {
    const unsupported = InspectionError.isInspectionError(error) && ['unsupported', 'ambiguous'].includes(error.code);
    return unsupported ? { tools: [], unproven: [`${messageOf(error)}; gzip and zstd are`] } : undefined;
  }

  private start(): void {
    this.decoder = decoderFor(compressionOf(this.head), (bytes) => this.unpacked(bytes));
    this.decoder.push(this.head);
  }

  private unpacked(bytes: Uint8Array): void {
    this.unpackedBytes += bytes.length;
    if (this.unpackedBytes > MAX_UNPACKED_BYTES) throw new InspectionError('limit', 'unpacks to more than 8 GiB');
    this.tar.push(bytes);
  }

  private open(entry: TarEntry): BodySink | undefined {
    if (++this.entries > MAX_ENTRIES) throw new InspectionError('limit', `has more than ${MAX_ENTRIES} entries`);
    if (entry.type !== 'file') return undefined;
    const recogniser = new ContentRecogniser();
    return {
      push: (chunk) => recogniser.push(chunk),
      finish: () => this.judge(`/${displayPath(entry.path)}`, recogniser),
    };
  }

  private judge(path: string, recogniser: ContentRecogniser): void {
    const recognition = recogniser.finish();
    const tools = toolsOf(recognition, path);
    this.tools.push(...tools);
    if (tools.length === 0 && recognition.unproven !== undefined)
      this.unproven.push(`${path}: ${recognition.unproven}`);
  }
}
