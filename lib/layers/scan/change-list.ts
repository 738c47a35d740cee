/** One change that a layer makes. Paths have one character for each byte, as in `TarEntry`. */
export type Change =
  | { readonly kind: 'file' | 'directory' | 'whiteout' | 'opaque'; readonly path: string }
  /** A file whose content matters: index into the scan's contents. */
  | { readonly kind: 'content'; readonly path: string; readonly content: number }
  | { readonly kind: 'symlink' | 'hardlink'; readonly path: string; readonly target: string };

/** What is told one by one; of files and directories there are too many. */
export type NotedKind = Exclude<Change['kind'], 'file' | 'directory'>;

const CODE = {
  whiteout: 'w',
  opaque: 'o',
  content: 'x',
  symlink: 'l',
  hardlink: 'h',
} as const satisfies Record<NotedKind, string>;

const KIND = new Map(Object.entries(CODE).map(([kind, code]) => [code as string, kind as NotedKind]));

/** What comes before the directory that all that follows is in, before one that the layer brings besides, and before names of files. */
const ENTER = 'c';
const BRING = 'd';
const FILES = '-';

/** Ends a field; neither paths nor targets can hold it. */
const END = '\0';

/** The target is only looked at, not taken: when what looks like a hard link is the target of another link, there may be one behind it. */
const HARD_LINK = new RegExp(`(?:^|${END})${CODE.hardlink}[^${END}]*(?=${END}([^${END}]*)${END})`, 'g');

const CHANGES_PER_BLOCK = 1024;

/**
 * Writes changes down in little room, since layers may have a million of them, and so that most need not be taken apart to be read.
 *
 * A list consists of fields, each with its code first: the directory that all that follows is in, as the number of characters that it
 * shares with the one before (in base 36), a blank, and the rest; the names of files that nothing else is to be known of, with slashes in
 * between; all else by its name, for some with the target or the content in a field of its own. The directory `usr/bin` with the files
 * `a` and `b` and a link `c` to `a` is `d0 usr/bin`, `-a/b`, `lc`, `a`. A block is a string of a thousand changes or little more, so that
 * no list of a million strings is held.
 */
export class ChangeListWriter {
  private readonly blocks: string[] = [];
  private pending: string[] = [];
  private pendingChanges = 0;
  /** The directory that the reader will be in; undefined where that is not known. */
  private directory?: string = '';
  /** Whether names of files may follow at once. */
  private amongFiles = false;

  /** @returns how many characters it takes */
  public add(change: Change): number {
    const written = this.write(change);
    this.count(1);
    return written;
  }

  /** Adds what has been written down already: from the beginning, or going on from such a text that was added last. */
  public addText(text: string, changes: number): void {
    this.push(text);
    this.directory = undefined;
    this.count(changes);
  }

  public finish(): readonly string[] {
    this.closeBlock();
    return this.blocks;
  }

  private write(change: Change): number {
    const { kind, path } = change;
    if (kind === 'directory') return this.enter(BRING, path);
    const slash = path.lastIndexOf('/');
    const entered = this.goTo(kind === 'opaque' ? path : path.slice(0, Math.max(slash, 0)));
    if (kind === 'opaque') return entered + this.push(CODE.opaque + END);
    const name = path.slice(slash + 1);
    return entered + (kind === 'file' ? this.pushFile(name) : this.push(CODE[kind] + name + detail(change) + END));
  }

  private goTo(directory: string): number {
    return directory === this.directory ? 0 : this.enter(ENTER, directory);
  }

  private enter(code: string, directory: string): number {
    const shared = sharedLength(this.directory ?? '', directory);
    this.directory = directory;
    return this.push(`${code}${shared.toString(36)} ${directory.slice(shared)}${END}`);
  }

  private pushFile(name: string): number {
    const text = `${this.amongFiles ? '/' : FILES}${name}`;
    this.pending.push(text);
    this.amongFiles = true;
    return text.length;
  }

  private push(text: string): number {
    this.endFiles();
    this.pending.push(text);
    return text.length;
  }

  private endFiles(): void {
    if (this.amongFiles) this.pending.push(END);
    this.amongFiles = false;
  }

  private count(changes: number): void {
    this.pendingChanges += changes;
    if (this.pendingChanges >= CHANGES_PER_BLOCK) this.closeBlock();
  }

  private closeBlock(): void {
    this.endFiles();
    if (this.pending.length > 0) this.blocks.push(this.pending.join(''));
    this.pending = [];
    this.pendingChanges = 0;
  }
}

/** What hard links may lead to, told from the text alone: everything that one does lead to is in it, and perhaps some other text. */
export function* possibleHardLinkTargets(blocks: readonly string[]): Generator<string> {
  for (const block of blocks) for (const [, target] of block.matchAll(HARD_LINK)) yield target;
}

/** Takes changes in their order. */
export interface ChangeVisitor {
  /**
   * All that follows is in this directory.
   *
   * @param brought whether the layer itself has it
   */
  enter(directory: string, brought: boolean): void;
  /** Files that nothing else is to be known of; there are slashes between their names. */
  files(names: string): void;
  /**
   * Anything else.
   *
   * @param name empty where the directory itself is meant
   * @param detail the target of a link, or the number of a content
   */
  note(kind: NotedKind, name: string, detail: string): void;
}

/**
 * Reads changes back, one after the other. Not a generator, which takes twice as long before it is compiled, and mostly it never is.
 *
 * @throws Error when the blocks are not what {@link ChangeListWriter} writes
 */
export function readChanges(blocks: readonly string[], visitor: ChangeVisitor): void {
  let directory = '';
  for (const block of blocks) {
    const fields = block.split(END);
    for (let i = 0; i < fields.length - 1; i++) {
      const field = fields[i];
      const code = field[0];
      if (code === FILES) visitor.files(field.slice(1));
      else if (code === ENTER || code === BRING) visitor.enter((directory = pathOf(field, directory)), code === BRING);
      else {
        const kind = KIND.get(code);
        if (kind === undefined) throw damaged();
        visitor.note(kind, field.slice(1), hasDetail(kind) ? fields[++i] : '');
      }
    }
  }
}

function pathOf(field: string, previous: string): string {
  const blank = field.indexOf(' ');
  if (blank < 0) throw damaged();
  return previous.slice(0, parseInt(field.slice(1, blank), 36)) + field.slice(blank + 1);
}

function damaged(): Error {
  return new Error('damaged list of changes');
}

function detail(change: Change): string {
  if (change.kind === 'content') return `${END}${change.content}`;
  return change.kind === 'symlink' || change.kind === 'hardlink' ? `${END}${change.target}` : '';
}

function hasDetail(kind: NotedKind): boolean {
  return kind === 'content' || kind === 'symlink' || kind === 'hardlink';
}

function sharedLength(first: string, second: string): number {
  const end = Math.min(first.length, second.length);
  let length = 0;
  while (length < end && first.charCodeAt(length) === second.charCodeAt(length)) length++;
  return length;
}
