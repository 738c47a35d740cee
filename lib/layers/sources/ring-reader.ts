import { MESSAGE, type ChunkKind, type ChunkRing, type Message } from './chunk-ring';

/** So many messages read that a writer no longer waits for any. */
const ALL = 0x7fffffff;

const KINDS = {
  [MESSAGE.stored]: 'stored',
  [MESSAGE.unpacked]: 'unpacked',
  [MESSAGE.trailer]: 'trailer',
} as const satisfies Partial<Record<Message, ChunkKind>>;

/** The side of a {@link ChunkRing} that takes chunks. */
export class RingReader {
  public constructor(private readonly ring: ChunkRing) {}

  /**
   * Takes chunks, which are only borrowed, until the writer says that it has no more.
   *
   * @param meanwhile called while there are none: does a little of some other work, and says whether any is left
   * @returns whether it has come to the end of what it had
   */
  public readAll(take: (kind: ChunkKind, chunk: Uint8Array) => void, meanwhile = () => false): boolean {
    for (let index = 0; ; index++) {
      this.waitFor(index, meanwhile);
      const { message, slot, length } = this.ring.message(index);
      if (message === MESSAGE.end || message === MESSAGE.abandoned) return message === MESSAGE.end;
      const kind = KINDS[message];
      take(kind, this.ring.slot(kind, slot).subarray(0, length));
      this.ring.advance('read', index + 1);
    }
  }

  /** Says that nothing more is taken. This must be the last that the reader does: the writer may reset the ring at once. */
  public stop(): void {
    this.ring.advance('read', ALL);
    this.ring.wake('read');
    this.ring.advance('stopped', 1);
    this.ring.wake('stopped');
  }

  /** How many bytes have been given to the program whose output is read; up to a KiB more. */
  public get fedBytes(): number {
    return this.ring.count('fed') * 1024;
  }

  private waitFor(index: number, meanwhile: () => boolean): void {
    if (this.ring.count('written') !== index) return;
    this.ring.wake('read');
    while (meanwhile()) if (this.ring.count('written') !== index) return;
    this.ring.waitWhile('written', index);
  }
}
