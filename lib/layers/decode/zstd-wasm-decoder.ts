import { InspectionError } from '../inspection-error';
import { zstdInstance, type ZstdExports } from '../sources/zstd-module';
import type { Decoder, Emit } from './decoder';

/**
 * Memory that the module may take: enough for a window of 64 MiB. Every level but the last two of `zstd --ultra` needs 32 MiB or less;
 * a hostile stream may ask for 2 GiB.
 */
const MOST_MEMORY = 112 * 1024 * 1024;

const INPUT_SIZE = 128 * 1024;
const OUTPUT_SIZE = 128 * 1024;

/** `ZSTD_inBuffer` and `ZSTD_outBuffer`: a pointer, a size, a position. */
const BUFFER_STRUCT = { size: 12, length: 4, position: 8 } as const;

/** Results above this are error codes, negated (zstd_errors.h). */
const LARGEST_RESULT = 0xffffff88;

/** Unpacks zstd where node:zlib cannot: Node.js before 22.15. */
export class ZstdWasmDecoder implements Decoder {
  private readonly zstd: ZstdExports = zstdInstance();
  private readonly context = this.zstd.ZSTD_createDCtx();
  private readonly inputData = this.zstd.malloc(INPUT_SIZE);
  private readonly outputData = this.zstd.malloc(OUTPUT_SIZE);
  private readonly input = this.zstd.malloc(BUFFER_STRUCT.size);
  private readonly output = this.zstd.malloc(BUFFER_STRUCT.size);
  private bytes = Buffer.from(this.zstd.memory.buffer);
  /** What libzstd wants next; 0 between frames. */
  private wants = 0;

  public constructor(private readonly emit: Emit) {}

  public push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += INPUT_SIZE) this.unpack(chunk.subarray(at, at + INPUT_SIZE));
  }

  public finish(): void {
    this.zstd.ZSTD_freeDCtx(this.context);
    if (this.wants !== 0) throw new InspectionError('truncated', 'zstd: unexpected end of file');
  }

  private unpack(chunk: Uint8Array): void {
    this.memory().set(chunk, this.inputData);
    this.describe(this.input, this.inputData, chunk.length);
    let full = false;
    while (full || this.position(this.input) < chunk.length) {
      full = this.step() && this.wants !== 0;
    }
  }

  /** @returns whether the output was filled, so that there may be more */
  private step(): boolean {
    this.describe(this.output, this.outputData, OUTPUT_SIZE);
    this.wants = checked(this.zstd.ZSTD_decompressStream(this.context, this.output, this.input));
    if (this.memory().length > MOST_MEMORY) {
      throw new InspectionError(
        'unsupported',
        'zstd: unpacking needs a window of more than 64 MiB',
        {},
        'pack it at a lower level',
      );
    }
    const made = this.position(this.output);
    if (made > 0) this.emit(this.memory().subarray(this.outputData, this.outputData + made));
    return made === OUTPUT_SIZE;
  }

  private describe(struct: number, data: number, length: number): void {
    const memory = this.memory();
    memory.writeUInt32LE(data, struct);
    memory.writeUInt32LE(length, struct + BUFFER_STRUCT.length);
    memory.writeUInt32LE(0, struct + BUFFER_STRUCT.position);
  }

  private position(struct: number): number {
    return this.memory().readUInt32LE(struct + BUFFER_STRUCT.position);
  }

  /** The memory of the module; growing replaces its buffer, and the views of the old one end. */
  private memory(): Buffer {
    if (this.bytes.buffer !== this.zstd.memory.buffer) this.bytes = Buffer.from(this.zstd.memory.buffer);
    return this.bytes;
  }
}

function checked(result: number): number {
  const unsigned = result >>> 0;
  if (unsigned <= LARGEST_RESULT) return unsigned;
  throw new InspectionError('corrupt', `zstd: damaged stream (error ${2 ** 32 - unsigned} of libzstd)`);
}
