import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressionOf, MAGIC_BYTES } from '../decode/compression';
import type { Decoder } from '../decode/decoder';
import { decoderFor } from '../decode/decoder-for';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';

const CHUNK = 256 * 1024;

/**
 * Copies what can be read only once into a temporary file, unpacked, so that its parts can be read in any order.
 *
 * The file has no name any more when this returns: it goes away with the descriptor, also when the process is killed.
 *
 * @returns a file descriptor, for the caller to close
 */
export function spool(fd: number, limits: Limits): number {
  const directory = mkdtempSync(join(tmpdir(), 'cdk-distroless-'));
  const copy = openSync(join(directory, 'image.tar'), 'wx+', 0o600);
  try {
    new Spooling(fd, copy, limits).run();
    return copy;
  } catch (error) {
    closeSync(copy);
    throw error;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

class Spooling {
  private readonly chunk = Buffer.allocUnsafeSlow(CHUNK);
  private packed = 0;
  private unpacked = 0;

  public constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly limits: Limits,
  ) {}

  public run(): void {
    const head = this.chunk.subarray(0, this.readHead());
    const decoder = decoderFor(compressionOf(head), (bytes) => this.write(bytes));
    for (let bytes = head; bytes.length > 0; bytes = this.chunk.subarray(0, this.read(0))) this.unpack(decoder, bytes);
    decoder.finish();
  }

  private unpack(decoder: Decoder, bytes: Uint8Array): void {
    this.packed += bytes.length;
    decoder.push(bytes);
  }

  /** A pipe may give single bytes, and the format shows only in several. */
  private readHead(): number {
    let length = 0;
    for (let read = -1; read !== 0 && length < MAGIC_BYTES; length += read) read = this.read(length);
    return length;
  }

  private read(at: number): number {
    for (;;) {
      try {
        return readSync(this.from, this.chunk, at, CHUNK - at, null);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') throw new InspectionError('unavailable', `reading fails: ${message}`);
        pause();
      }
    }
  }

  private write(bytes: Uint8Array): void {
    this.unpacked += bytes.length;
    const { unquestionedBytes, expansion, unpackedBytes } = this.limits;
    const bomb = this.unpacked > unquestionedBytes && this.unpacked > this.packed * expansion;
    if (bomb || this.unpacked > unpackedBytes) {
      throw new InspectionError(
        'limit',
        `${this.packed} bytes unpack to ${this.unpacked} and more`,
        {},
        'an archive bomb',
      );
    }
    for (let at = 0; at < bytes.length;) at += writeSync(this.to, bytes, at);
  }
}

/** Standard input may be set not to block; then there is nothing else to do than to ask again. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
