/** One change that a layer makes. Paths have one character for each byte, as in `TarEntry`. */
export type Change =
  | { readonly kind: 'file' | 'directory' | 'whiteout' | 'opaque'; readonly path: string }
  /** A file whose content matters: index into the scan's contents. */
  | { readonly kind: 'content'; readonly path: string; readonly content: number }
  | { readonly kind: 'symlink' | 'hardlink'; readonly path: string; readonly target: string };

const CODE = {
  file: '-',
  directory: 'd',
  whiteout: 'w',
  opaque: 'o',
  content: 'x',
  symlink: 'l',
  hardlink: 'h',
} as const satisfies Record<Change['kind'], string>;

const KIND = new Map(Object.entries(CODE).map(([kind, code]) => [code as string, kind as Change['kind']]));

/** Ends a field; neither paths nor targets can hold it. */
const END = '\0';

/** The target is only looked at, not taken: when what looks like a hard link is the target of another link, there may be one behind it. */
const HARD_LINK = new RegExp(`(?:^|${END})${CODE.hardlink}[0-9a-z]+ [^${END}]*(?=${END}([^${END}]*)${END})`, 'g');

const CHANGES_PER_BLOCK = 1024;

/**
 * Writes changes down in little room, since layers may have a million of them: each as its code, the number of characters that its path
 * shares with the one before (in base 36), a blank, and the rest of the path; then, for some, the target or the content. A block is a
 * string of a thousand changes or little more, so that no list of a million strings is held.
 */
export class ChangeListWriter {
  private readonly blocks: string[] = [];
  private pending: string[] = [];
  private pendingChanges = 0;
  private previous = '';

  public add(change: Change): void {
    const shared = sharedLength(this.previous, change.path);
    this.pending.push(`${CODE[change.kind]}${shared.toString(36)} ${change.path.slice(shared)}${detail(change)}${END}`);
    this.previous = change.path;
    this.count(1);
  }

  /** Adds what has been written down already: from the beginning, or going on from such a text that was added last. */
  public addText(text: string, changes: number): void {
    this.pending.push(text);
    this.previous = '';
    this.count(changes);
  }

  public finish(): readonly string[] {
    this.closeBlock();
    return this.blocks;
  }

  private count(changes: number): void {
    this.pendingChanges += changes;
    if (this.pendingChanges >= CHANGES_PER_BLOCK) this.closeBlock();
  }

  private closeBlock(): void {
    if (this.pending.length > 0) this.blocks.push(this.pending.join(''));
    this.pending = [];
    this.pendingChanges = 0;
  }
}

/**
 * Whether there may be changes of a kind, told from the text alone: when not, nobody need read them all to find none.
 */
export function mayHoldChanges(blocks: readonly string[], kind: Change['kind']): boolean {
  const code = CODE[kind];
  const change = new RegExp(`${END}${code}[0-9a-z]+ `);
  return blocks.some((block) => block.startsWith(code) || change.test(block));
}

/** What hard links may lead to, told from the text alone: everything that one does lead to is in it, and perhaps some other text. */
export function* possibleHardLinkTargets(blocks: readonly string[]): Generator<string> {
  for (const block of blocks) for (const [, target] of block.matchAll(HARD_LINK)) yield target;
}

/**
 * Reads changes back, one after the other. Not a generator, which takes twice as long before it is compiled, and mostly it never is.
 *
 * @throws Error when the blocks are not what {@link ChangeListWriter} writes
 */
export function readChanges(blocks: readonly string[], take: (change: Change) => void): void {
  let previous = '';
  for (const block of blocks) {
    const fields = block.split(END);
    for (let i = 0; i < fields.length - 1; i++) {
      const head = fields[i];
      const kind = KIND.get(head[0]);
      const blank = head.indexOf(' ');
      if (kind === undefined || blank < 0) throw new Error('damaged list of changes');
      const path: string = previous.slice(0, parseInt(head.slice(1, blank), 36)) + head.slice(blank + 1);
      previous = path;
      take(hasDetail(kind) ? withDetail(kind, path, fields[++i]) : { kind, path });
    }
  }
}

function detail(change: Change): string {
  if (change.kind === 'content') return `${END}${change.content}`;
  return change.kind === 'symlink' || change.kind === 'hardlink' ? `${END}${change.target}` : '';
}

function hasDetail(kind: Change['kind']): kind is 'content' | 'symlink' | 'hardlink' {
  return kind === 'content' || kind === 'symlink' || kind === 'hardlink';
}

function withDetail(kind: 'content' | 'symlink' | 'hardlink', path: string, field: string): Change {
  return kind === 'content' ? { kind, path, content: Number(field) } : { kind, path, target: field };
}

function sharedLength(first: string, second: string): number {
  const end = Math.min(first.length, second.length);
  let length = 0;
  while (length < end && first.charCodeAt(length) === second.charCodeAt(length)) length++;
  return length;
}
