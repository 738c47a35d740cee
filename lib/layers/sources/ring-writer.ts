import { MESSAGE, type ChunkKind, type ChunkRing } from './chunk-ring';

/** The slots of one kind, from the writer's side. */
interface Slots {
  /** How many have been filled so far. */
  filled: number;
  /** For each, how many messages must have been read before it may be filled again. */
  readonly freeAfter: number[];
}

/** The side of a {@link ChunkRing} that hands chunks over. */
export class RingWriter {
  private readonly slots: Readonly<Record<ChunkKind, Slots>> = {
    stored: { filled: 0, freeAfter: [] },
    unpacked: { filled: 0, freeAfter: [] },
    trailer: { filled: 0, freeAfter: [] },
  };
  private written = 0;

  /** @param ring one that nothing has been written to since it was made or reset */
  public constructor(private readonly ring: ChunkRing) {}

  /**
   * Memory for the next chunk: what lies there when it is written need not be copied. Waits until there is some. What was written before
   * may still be read.
   */
  public room(kind: ChunkKind): Buffer {
    const { filled, freeAfter } = this.slots[kind];
    const needed = freeAfter[filled % this.ring.slotCount(kind)] ?? 0;
    for (let read = this.ring.count('read'); read < needed && !this.stopped(); read = this.ring.count('read')) {
      this.ring.wake('written');
      this.ring.waitWhile('read', read);
    }
    return this.ring.slot(kind, filled);
  }

  /**
   * Hands a chunk over.
   *
   * @returns false when the reader has stopped and takes no more
   */
  public write(kind: ChunkKind, chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length && !this.stopped();) {
      const room = this.room(kind);
      const part = chunk.subarray(at, at + room.length);
      // Of all ways to copy into shared memory, this is the one that copies like memcpy.
      if (!isSamePlace(part, room)) room.fill(part, 0, part.length);
      this.hand(kind, part.length);
      at += part.length;
    }
    return !this.stopped();
  }

  /** Says how many bytes have been given to a program whose output the reader reads. */
  public feed(bytes: number): void {
    this.ring.advance('fed', Math.ceil(bytes / 1024));
  }

  /** Says that no more chunks come: that all have come, or that the rest is abandoned. */
  public end(how: 'end' | 'abandoned'): void {
    this.ring.setMessage(this.written, MESSAGE[how], 0, 0);
    this.ring.advance('written', ++this.written);
    this.ring.wake('written');
  }

  /** Waits until the reader has said that it takes no more. */
  public waitUntilStopped(): void {
    this.ring.waitWhile('stopped', 0);
  }

  private hand(kind: ChunkKind, length: number): void {
    const slots = this.slots[kind];
    const slot = slots.filled % this.ring.slotCount(kind);
    this.ring.setMessage(this.written, MESSAGE[kind], slot, length);
    this.ring.advance('written', ++this.written);
    slots.freeAfter[slot] = this.written;
    slots.filled++;
  }

  private stopped(): boolean {
    return this.ring.count('stopped') !== 0;
  }
}

function isSamePlace(chunk: Uint8Array, room: Uint8Array): boolean {
  return chunk.buffer === room.buffer && chunk.byteOffset === room.byteOffset;
}
