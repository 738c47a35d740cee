import { InspectionError } from '../inspection-error';
import type { Decoder, Emit, Room } from './decoder';

/**
 * How much is unpacked at a time. The default of node:zlib, 16 KiB, makes reading twice as slow.
 */
const OUTPUT_SIZE = 256 * 1024;

/**
 * What the streams of node:zlib call to do their work, and what is called here in their place: it works synchronously and into one
 * buffer that is used again and again. It is not a public interface, so {@link isUsable} tries decoders out before they are relied on.
 */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLeft: number,
    output: Uint8Array,
    at: number,
    left: number,
  ): void;
  reset(): void;
  close(): void;
}

interface StreamWithHandle {
  readonly _handle?: Handle | null;
  /** After each call: how much room is left in the output, and how much of the input has not been taken. */
  readonly _writeState?: Uint32Array;
}

/** The streams whose handles may be used, and what tells them to go on and to finish. */
export interface HandleFormat {
  readonly name: string;
  readonly create: () => unknown;
  readonly process: number;
  readonly finish: number;
}

/** Unpacks one stream after the other with the native code of node:zlib, synchronously, and straight to where the bytes are wanted. */
export class ZlibStream {
  private readonly handle: Handle;
  private readonly state: Uint32Array;
  private failure?: InspectionError;

  public constructor(
    private readonly format: HandleFormat,
    private readonly emit: Emit,
    private readonly room: Room = ownRoom(),
  ) {
    const stream = format.create() as StreamWithHandle;
    if (!stream._handle || !stream._writeState) throw new TypeError(`node:zlib has no handle for ${format.name}`);
    this.handle = stream._handle;
    this.state = stream._writeState;
    this.handle.onerror = (message, _errno, code) => {
      this.failure = new InspectionError(
        code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt',
        `${format.name}: ${message}`,
      );
    };
  }

  /** Unpacks. @returns what follows behind the end of the stream; nothing when it has not been reached */
  public unpack(chunk: Uint8Array, flush = this.format.process): Uint8Array {
    let left = chunk.length;
    for (;;) {
      const output = this.room();
      this.handle.writeSync(flush, chunk, chunk.length - left, left, output, 0, output.length);
      if (this.failure) throw this.failure;
      const [free, untaken] = this.state;
      if (free < output.length) this.emit(output.subarray(0, output.length - free));
      const stuck = untaken === left && free === output.length;
      left = untaken;
      if ((stuck && left > 0) || (free > 0 && left === 0)) return chunk.subarray(chunk.length - left);
    }
  }

  /** Says that nothing follows. @throws InspectionError when the end of the stream has not been reached */
  public finish(): void {
    this.unpack(new Uint8Array(0), this.format.finish);
  }

  /** Begins with the next stream. */
  public reset(): void {
    this.handle.reset();
  }

  public close(): void {
    this.handle.close();
  }
}

/** Unpacks a format whose frames node:zlib strings together by itself. */
export class ZlibHandleDecoder implements Decoder {
  private readonly stream: ZlibStream;
  private padding = false;

  public constructor(
    private readonly format: HandleFormat,
    emit: Emit,
    room?: Room,
  ) {
    this.stream = new ZlibStream(format, emit, room);
  }

  public push(chunk: Uint8Array): void {
    const rest = this.padding ? chunk : this.stream.unpack(chunk);
    if (rest.length === 0) return;
    this.padding = true;
    checkPadding(rest, this.format.name);
  }

  public finish(): void {
    if (!this.padding) this.stream.finish();
    this.stream.close();
  }
}

/** Behind the last member there may be zeros; whatever else follows, some programs unpack and some do not. */
export function checkPadding(rest: Uint8Array, format: string): void {
  if (rest.every((byte) => byte === 0)) return;
  throw new InspectionError('ambiguous', `${format}: something follows behind the end of the stream`);
}

function ownRoom(): Room {
  const output = Buffer.allocUnsafeSlow(OUTPUT_SIZE);
  return () => output;
}

/** Whether a decoder does what is expected of it: tried out on a stream, twice over, cut short, and damaged. */
export function isUsable(create: (emit: Emit) => Decoder, sample: Buffer, expected: string): boolean {
  try {
    const whole = decode(create, sample) === expected.repeat(2);
    return whole && fails(create, sample.subarray(0, -3)) && fails(create, damaged(sample));
  } catch {
    return false;
  }
}

/** The sample twice over, as two members. */
function decode(create: (emit: Emit) => Decoder, sample: Buffer): string {
  const parts: string[] = [];
  const decoder = create((chunk) => parts.push(Buffer.from(chunk).toString('latin1')));
  decoder.push(sample.subarray(0, 9));
  decoder.push(Buffer.concat([sample.subarray(9), sample]));
  decoder.finish();
  return parts.join('');
}

function fails(create: (emit: Emit) => Decoder, sample: Buffer): boolean {
  const decoder = create(() => undefined);
  try {
    decoder.push(sample);
    decoder.finish();
    return false;
  } catch (error) {
    return InspectionError.isInspectionError(error);
  }
}

function damaged(sample: Buffer): Buffer {
  const copy = Buffer.from(sample);
  copy[copy.length - 6] ^= 0xff;
  return copy;
}
