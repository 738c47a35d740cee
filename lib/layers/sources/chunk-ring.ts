/** What a message says. */
export const MESSAGE = { stored: 1, unpacked: 2, trailer: 3, end: 4, abandoned: 5 } as const;
export type Message = (typeof MESSAGE)[keyof typeof MESSAGE];

/** The messages that bring bytes. */
export type ChunkKind = 'stored' | 'unpacked' | 'trailer';

/** Each kind of chunk has slots of its own: as large as what is read or unpacked at a time, and as many as it takes not to wait. */
const SLOT_BYTES = { stored: 128 * 1024, unpacked: 256 * 1024, trailer: 8 } as const;
const SLOT_COUNT = { stored: 48, unpacked: 36, trailer: 32 } as const;

/** Every message but the last brings a chunk, so that there can be no more of them that have not been read. */
const MESSAGES = SLOT_COUNT.stored + SLOT_COUNT.unpacked + SLOT_COUNT.trailer + 1;

/**
 * Positions in the shared numbers: how many messages have been written and read, whether the reader has stopped, and how many KiB have been
 * given to a program whose output the reader reads.
 */
const COUNTERS = { written: 0, read: 1, stopped: 2, fed: 3 } as const;
export type Counter = keyof typeof COUNTERS;

/** Each message is three numbers: what it says, the slot, and how many bytes are in it. */
const FIRST_MESSAGE = 4;
const MESSAGE_NUMBERS = 3;
const NUMBERS_BYTES = (FIRST_MESSAGE + MESSAGES * MESSAGE_NUMBERS) * Int32Array.BYTES_PER_ELEMENT;

/**
 * A side that waits is woken for so many messages at once, unless the other side is about to wait itself: to wake a processor takes longer
 * than to unpack a slot.
 */
const WORTH_WAKING = 8;

/** How long, in milliseconds, one side waits for a sign of life of the other. */
const PATIENCE = 60_000;

/** The other side does not answer. */
export class RingTimeout extends Error {}

/**
 * Memory that two threads share, through which the one hands chunks of bytes to the other, in order; see `RingWriter` and `RingReader`.
 * Both sides are synchronous: the writer waits while all slots are full, the reader while there is no message.
 */
export class ChunkRing {
  private readonly numbers: Int32Array;
  private readonly slots: Readonly<Record<ChunkKind, readonly Buffer[]>>;

  /** @param memory as {@link ChunkRing.allocate} made it, shared between both sides */
  public constructor(public readonly memory: SharedArrayBuffer) {
    this.numbers = new Int32Array(memory, 0, NUMBERS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    const unpackedAt = NUMBERS_BYTES + bytesOf('stored');
    this.slots = {
      stored: slotsIn(memory, 'stored', NUMBERS_BYTES),
      unpacked: slotsIn(memory, 'unpacked', unpackedAt),
      trailer: slotsIn(memory, 'trailer', unpackedAt + bytesOf('unpacked')),
    };
  }

  /** Memory for a ring. */
  public static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(NUMBERS_BYTES + bytesOf('stored') + bytesOf('unpacked') + bytesOf('trailer'));
  }

  /** Makes the ring empty, for the next job; neither side may be using it. */
  public reset(): void {
    this.numbers.fill(0);
  }

  /** The memory of a slot; counted round and round. */
  public slot(kind: ChunkKind, index: number): Buffer {
    return this.slots[kind][index % SLOT_COUNT[kind]];
  }

  /** How many chunks of a kind can be there at once. */
  public slotCount(kind: ChunkKind): number {
    return SLOT_COUNT[kind];
  }

  /** Writes the message of an index down, without telling anyone. */
  public setMessage(index: number, message: Message, slot: number, length: number): void {
    const at = FIRST_MESSAGE + (index % MESSAGES) * MESSAGE_NUMBERS;
    this.numbers[at] = message;
    this.numbers[at + 1] = slot;
    this.numbers[at + 2] = length;
  }

  /** The message of an index. */
  public message(index: number): { readonly message: Message; readonly slot: number; readonly length: number } {
    const at = FIRST_MESSAGE + (index % MESSAGES) * MESSAGE_NUMBERS;
    return { message: this.numbers[at] as Message, slot: this.numbers[at + 1], length: this.numbers[at + 2] };
  }

  /** How far a side has come. */
  public count(counter: Counter): number {
    return Atomics.load(this.numbers, COUNTERS[counter]);
  }

  /** Says how far a side has come, and wakes the other one now and then. */
  public advance(counter: Counter, value: number): void {
    Atomics.store(this.numbers, COUNTERS[counter], value);
    if (value % WORTH_WAKING === 0) this.wake(counter);
  }

  /** Wakes whoever waits for a counter. */
  public wake(counter: Counter): void {
    Atomics.notify(this.numbers, COUNTERS[counter]);
  }

  /**
   * Waits until a counter has another value.
   *
   * @throws RingTimeout when that takes too long
   */
  public waitWhile(counter: Counter, value: number): void {
    // A notification may come late, when what it tells of has been seen already: only the number counts.
    while (this.count(counter) === value) {
      if (Atomics.wait(this.numbers, COUNTERS[counter], value, PATIENCE) === 'timed-out') throw new RingTimeout();
    }
  }
}

function bytesOf(kind: ChunkKind): number {
  return SLOT_COUNT[kind] * SLOT_BYTES[kind];
}

function slotsIn(memory: SharedArrayBuffer, kind: ChunkKind, start: number): Buffer[] {
  const bytes = SLOT_BYTES[kind];
  return Array.from({ length: SLOT_COUNT[kind] }, (_, index) => Buffer.from(memory, start + index * bytes, bytes));
}
