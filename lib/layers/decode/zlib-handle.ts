import * as zlib from 'node:zlib';
import { InspectionError } from '../inspection-error';
import type { Decoder, Emit, Room } from './decoder';

/**
 * How much is unpacked at a time. The default of node:zlib, 16 KiB, makes reading twice as slow.
 */
const OUTPUT_SIZE = 256 * 1024;

/**
 * What the streams of node:zlib call to do their work, and what this decoder calls in their place: it works synchronously and into one
 * buffer that is used again and again. It is not a public interface, so {@link isUsable} tries it out before it is relied on.
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

/** Unpacks with the native code of node:zlib, synchronously, and straight to where the bytes are wanted. */
export class ZlibHandleDecoder implements Decoder {
  private readonly handle: Handle;
  private readonly state: Uint32Array;
  private failure?: InspectionError;
  private padding = false;

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

  public push(chunk: Uint8Array): void {
    if (this.padding) this.checkPadding(chunk);
    else this.unpack(chunk, this.format.process);
  }

  public finish(): void {
    if (!this.padding) this.unpack(new Uint8Array(0), this.format.finish);
    this.handle.close();
  }

  private unpack(chunk: Uint8Array, flush: number): void {
    let left = chunk.length;
    for (;;) {
      const output = this.room();
      this.handle.writeSync(flush, chunk, chunk.length - left, left, output, 0, output.length);
      if (this.failure) throw this.failure;
      const [free, untaken] = this.state;
      if (free < output.length) this.emit(output.subarray(0, output.length - free));
      const stuck = untaken === left && free === output.length;
      left = untaken;
      if (stuck && left > 0) return this.checkPadding(chunk.subarray(chunk.length - left));
      if (free > 0 && left === 0) return;
    }
  }

  /** Behind the last member there may be zeros; whatever else follows, some programs unpack and some do not. */
  private checkPadding(rest: Uint8Array): void {
    this.padding = true;
    if (rest.every((byte) => byte === 0)) return;
    throw new InspectionError('ambiguous', `${this.format.name}: something follows behind the end of the stream`);
  }
}

function ownRoom(): Room {
  const output = Buffer.allocUnsafeSlow(OUTPUT_SIZE);
  return () => output;
}

/** Whether the handle of a format does what this decoder expects of it: tried out on a stream, cut short, and damaged. */
export function isUsable(format: HandleFormat, sample: Buffer, expected: string): boolean {
  try {
    const whole = decode(format, sample) === expected.repeat(2);
    return whole && fails(format, sample.subarray(0, -3)) && fails(format, damaged(sample));
  } catch {
    return false;
  }
}

/** The sample twice over, as two members. */
function decode(format: HandleFormat, sample: Buffer): string {
  const parts: string[] = [];
  const decoder = new ZlibHandleDecoder(format, (chunk) => parts.push(Buffer.from(chunk).toString('latin1')));
  decoder.push(sample.subarray(0, 9));
  decoder.push(Buffer.concat([sample.subarray(9), sample]));
  decoder.finish();
  return parts.join('');
}

function fails(format: HandleFormat, sample: Buffer): boolean {
  const decoder = new ZlibHandleDecoder(format, () => undefined);
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

/** gzip, which every Node.js has. */
export const GZIP_FORMAT: HandleFormat = {
  name: 'gzip',
  create: () => zlib.createGunzip(),
  process: zlib.constants.Z_NO_FLUSH,
  finish: zlib.constants.Z_FINISH,
};
