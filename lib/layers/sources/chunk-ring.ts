/** Bytes in a slot: as much as is unpacked at a time. */
const SLOT = 256 * 1024;
const SLOTS = 24;

/** What a slot holds. */
export const CHUNK_KIND = { stored: 1, unpacked: 2, end: 3, abandoned: 4 } as const;
export type ChunkKind = (typeof CHUNK_KIND)[keyof typeof CHUNK_KIND];

/** Positions in the shared numbers: how many slots have been written and read, and whether the reader has stopped. */
const WRITTEN = 0;
const READ = 1;
const STOPPED = 2;
/** From here on the kind and the length of each slot. */
const FIRST_SLOT = 3;

/** So many slots read that a writer no longer waits for any. */
const NEVER_FULL = 0x7fffffff;

/** How long, in milliseconds, one side waits for a sign of life of the other. */
const PATIENCE = 60_000;

/** The other side does not answer. */
export class RingTimeout extends Error {}

/**
 * Hands chunks of bytes from one thread to another, in order, through shared memory. Both sides are synchronous: the writer waits while
 * all slots are full, the reader while all are empty.
 */
export class ChunkRing {
  private readonly numbers: Int32Array;
  private readonly bytes: Uint8Array;

  /** @param memory as made by {@link ChunkRing.memory}, shared between both sides */
  public constructor(public readonly memory: SharedArrayBuffer) {
    const numbers = FIRST_SLOT + 2 * SLOTS;
    this.numbers = new Int32Array(memory, 0, numbers);
    this.bytes = new Uint8Array(memory, numbers * Int32Array.BYTES_PER_ELEMENT);
  }

  /** Memory for a ring. */
  public static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer((FIRST_SLOT + 2 * SLOTS) * Int32Array.BYTES_PER_ELEMENT + SLOTS * SLOT);
  }

  /** Makes the ring empty, for the next job; neither side may be using it. */
  public reset(): void {
    this.numbers.fill(0);
  }

  /**
   * Hands a chunk over.
   *
   * @returns false when the reader has stopped and takes no more
   */
  public write(kind: ChunkKind, chunk: Uint8Array = new Uint8Array(0)): boolean {
    let at = 0;
    do {
      if (!this.writeSlot(kind, chunk.subarray(at, at + SLOT))) return false;
      at += SLOT;
    } while (at < chunk.length);
    return true;
  }

  /**
   * Takes chunks, which are only borrowed, until the writer says that it has no more.
   *
   * @returns whether it has come to the end of what it had
   */
  public readAll(take: (kind: 'stored' | 'unpacked', chunk: Uint8Array) => void): boolean {
    for (let index = 0; ; index++) {
      this.waitWhile(WRITTEN, index);
      const slot = index % SLOTS;
      const kind = this.numbers[FIRST_SLOT + 2 * slot] as ChunkKind;
      if (kind === CHUNK_KIND.end || kind === CHUNK_KIND.abandoned) return kind === CHUNK_KIND.end;
      const start = slot * SLOT;
      const chunk = this.bytes.subarray(start, start + this.numbers[FIRST_SLOT + 2 * slot + 1]);
      take(kind === CHUNK_KIND.stored ? 'stored' : 'unpacked', chunk);
      Atomics.store(this.numbers, READ, index + 1);
      Atomics.notify(this.numbers, READ);
    }
  }

  /** Says that the reader takes no more. This must be the last that it does: the writer may reset the ring at once. */
  public stop(): void {
    Atomics.store(this.numbers, READ, NEVER_FULL);
    Atomics.notify(this.numbers, READ);
    Atomics.store(this.numbers, STOPPED, 1);
    Atomics.notify(this.numbers, STOPPED);
  }

  /** Waits until the reader has said so. */
  public waitUntilStopped(): void {
    this.waitWhile(STOPPED, 0);
  }

  private writeSlot(kind: ChunkKind, chunk: Uint8Array): boolean {
    const index = Atomics.load(this.numbers, WRITTEN);
    for (let read = this.read(); index - read >= SLOTS && !this.stopped(); read = this.read())
      this.waitWhile(READ, read);
    if (this.stopped()) return false;
    const slot = index % SLOTS;
    this.bytes.set(chunk, slot * SLOT);
    this.numbers[FIRST_SLOT + 2 * slot] = kind;
    this.numbers[FIRST_SLOT + 2 * slot + 1] = chunk.length;
    Atomics.store(this.numbers, WRITTEN, index + 1);
    Atomics.notify(this.numbers, WRITTEN);
    return true;
  }

  private read(): number {
    return Atomics.load(this.numbers, READ);
  }

  private stopped(): boolean {
    return Atomics.load(this.numbers, STOPPED) !== 0;
  }

  /** A notification may come late, when what it tells of has been seen already: only the number counts. */
  private waitWhile(position: number, value: number): void {
    while (Atomics.load(this.numbers, position) === value) {
      if (Atomics.wait(this.numbers, position, value, PATIENCE) === 'timed-out') throw new RingTimeout();
    }
  }
}
