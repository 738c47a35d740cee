import { gunzipSync } from 'node:zlib';
import { InspectionError } from '../inspection-error';
import type { Decoder, Emit, Room } from './decoder';
import { GZIP_FORMAT, ZlibHandleDecoder, isUsable } from './zlib-handle';

/** More than this is not unpacked in one piece. */
const LARGEST_PIECE = 1024 * 1024 * 1024;

/** "self-test", packed by `gzip`. */
const SAMPLE = Buffer.from('H4sIAAAAAAAAAytOzUnTLUktLgEAEsX95QkAAAA=', 'base64');

let handleUsable: boolean | undefined;

/** Unpacks gzip, also when it has several members; as fast as node:zlib can. */
export function gzipDecoder(emit: Emit, room?: Room): Decoder {
  handleUsable ??= isUsable(GZIP_FORMAT, SAMPLE, 'self-test');
  return handleUsable ? new ZlibHandleDecoder(GZIP_FORMAT, emit, room) : new WholeGzipDecoder(emit);
}

/** Unpacks with the public interface, which cannot work in pieces and synchronously: slower, and all in memory. */
export class WholeGzipDecoder implements Decoder {
  private readonly chunks: Buffer[] = [];

  public constructor(private readonly emit: Emit) {}

  public push(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk));
  }

  public finish(): void {
    this.emit(unpackWhole(Buffer.concat(this.chunks)));
  }
}

function unpackWhole(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: LARGEST_PIECE });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new InspectionError('limit', 'gzip: too large to unpack with this Node.js');
    throw new InspectionError(code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt', `gzip: ${message}`);
  }
}
