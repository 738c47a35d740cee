import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { ContentRecogniser, type Recognition } from '../recognise/content-recogniser';
import { isMachineCode } from '../recognise/content-type';
import { isCommandPath, isShellName, recogniseName } from '../recognise/name-recogniser';
import { TarReader } from '../tar/tar-reader';
import type { PlainEntries, PlainRun } from '../tar/plain-entries';
import type { BodySink, TarEntry } from '../tar/tar-entry';
import type { Budget } from './budget';
import { ChangeListWriter, type Change } from './change-list';
import type { LayerContent, ScannedContent } from './layer-scan';
import { whiteoutOf } from './whiteout';

/** Makes a scan of the unpacked bytes of a layer. */
export class LayerScanner {
  /** Where the bytes go. */
  public readonly tar: TarReader;
  private readonly hides = new ChangeListWriter();
  private readonly changes = new ChangeListWriter();
  private readonly contents: ScannedContent[] = [];
  private readonly contentIndex = new Map<string, number>();
  /** Whether any entry has been visited since the last run of plain ones. */
  private visited = true;
  private files = 0;
  private sizeBytes = 0;

  public constructor(
    private readonly limits: Limits,
    private readonly budget: Budget,
    plain?: PlainEntries,
  ) {
    const runs = plain && {
      take: (bytes: Buffer, at: number) => this.addRun(plain.walk(bytes, at, this, this.visited)),
    };
    this.tar = new TarReader((entry) => this.visit(entry), runs);
  }

  /** What the layer changes. */
  public finish(): LayerContent {
    this.tar.finish();
    const { contents, files, sizeBytes } = this;
    return { hides: this.hides.finish(), changes: this.changes.finish(), contents, files, sizeBytes };
  }

  private addRun(run: PlainRun | undefined): PlainRun | undefined {
    if (!run) return undefined;
    this.count(run.entries);
    this.files += run.files;
    this.sizeBytes += run.sizeBytes;
    this.countRemembered(run.links);
    this.changes.addText(run.text, run.entries);
    this.countPaths(run.text.length + run.linkPathBytes);
    this.visited = false;
    return run;
  }

  private count(entries: number): void {
    this.budget.entries += entries;
    if (this.budget.entries > this.limits.entries)
      throw new InspectionError('limit', `more than ${this.limits.entries} entries in one image`);
  }

  private countRemembered(entries: number): void {
    this.budget.remembered += entries;
    if (this.budget.remembered > this.limits.remembered)
      throw new InspectionError('limit', `more than ${this.limits.remembered} links and programs in one image`);
  }

  private countPaths(bytes: number): void {
    this.budget.pathBytes += bytes;
    if (this.budget.pathBytes > this.limits.pathBytes)
      throw new InspectionError('limit', `paths of more than ${this.limits.pathBytes} bytes in one image`);
  }

  private visit(entry: TarEntry): BodySink | undefined {
    this.visited = true;
    this.count(1);
    const whiteout = whiteoutOf(entry.path);
    if (whiteout) this.countPaths(this.hides.add(whiteout));
    else if (entry.type === 'file') return this.lookInto(entry);
    else this.addOther(entry);
    return undefined;
  }

  private addOther({ type, path, target }: TarEntry): void {
    if (type === 'symlink' || type === 'hardlink') this.remember({ kind: type, path, target });
    else if (path !== '') this.add({ kind: type === 'directory' ? 'directory' : 'file', path });
  }

  private lookInto(entry: TarEntry): BodySink {
    this.files++;
    this.sizeBytes += entry.sizeBytes;
    const recogniser = new ContentRecogniser();
    return {
      push: (chunk) => recogniser.push(chunk),
      finish: () => this.addFile(entry, recogniser.finish()),
    };
  }

  private addFile(entry: TarEntry, recognition: Recognition): void {
    const { path } = entry;
    const content = rememberedContent(entry, recognition);
    if (content) this.remember({ kind: 'content', path, content: this.indexOf(content) });
    else this.add({ kind: 'file', path });
  }

  private add(change: Change): void {
    this.countPaths(this.changes.add(change));
  }

  /** The text shares the beginnings of paths, and the tree that is made of it does not. */
  private remember(change: Change): void {
    this.countRemembered(1);
    this.countPaths(change.path.length);
    this.add(change);
  }

  private indexOf(content: ScannedContent): number {
    const key = JSON.stringify(content);
    const index = this.contentIndex.get(key) ?? this.contents.push(content) - 1;
    this.contentIndex.set(key, index);
    return index;
  }
}

/** Programs and scripts are remembered, because a link elsewhere may give them the name of a shell. So is what has a tool's name. */
function rememberedContent({ path, mode }: TarEntry, recognition: Recognition): ScannedContent | undefined {
  const { type, tools, unproven } = recognition;
  if (isMachineCode(type) || type === 'script') return { type, tools, unproven };
  const shellName = type !== 'empty' && isShellName(path);
  if (shellName && ((mode & 0o111) !== 0 || isCommandPath(path)))
    return { type, tools, unproven: 'named like a shell, but neither a script nor a program of a known format' };
  return recogniseName(path, type) ? { type, tools } : undefined;
}
