import { constants, createInflateRaw, gunzipSync } from 'node:zlib';
import { InspectionError } from '../inspection-error';
import type { Decoder, Emit, Room } from './decoder';
import { GZIP_TRAILER_BYTES, GzipCheck } from './gzip-check';
import { gzipHeaderLength } from './gzip-header';
import { ZlibStream, checkPadding, isUsable, type HandleFormat } from './zlib-handle';

/** More than this is not unpacked in one piece. */
const LARGEST_PIECE = 1024 * 1024 * 1024;

/** "self-test", packed by `gzip`. */
const SAMPLE = Buffer.from('H4sIAAAAAAAAAytOzUnTLUktLgEAEsX95QkAAAA=', 'base64');

/** What is inside of a member. That node:zlib takes members apart too would have it compute their checksums, on the busiest thread. */
const DEFLATE_FORMAT: HandleFormat = {
  name: 'gzip',
  create: () => createInflateRaw(),
  process: constants.Z_NO_FLUSH,
  finish: constants.Z_FINISH,
};

const NOTHING = new Uint8Array(0);

let handleUsable: boolean | undefined;

/**
 * Unpacks gzip, also when it has several members; as fast as node:zlib can.
 *
 * @param check takes the trailers of members, and compares them with what has been emitted; without it, the decoder does
 */
export function gzipDecoder(emit: Emit, room?: Room, check?: Emit): Decoder {
  handleUsable ??= isUsable((to) => checkingDecoder(to), SAMPLE, 'self-test');
  if (!handleUsable) return new WholeGzipDecoder(emit);
  return check ? new GzipDecoder(emit, check, room) : checkingDecoder(emit, room);
}

function checkingDecoder(emit: Emit, room?: Room): Decoder {
  const check = new GzipCheck();
  const checked: Emit = (chunk) => {
    check.update(chunk);
    emit(chunk);
  };
  return new GzipDecoder(checked, (trailer) => check.finishMember(trailer), room);
}

/** Takes members apart, and leaves it to others to check them. */
class GzipDecoder implements Decoder {
  private readonly stream: ZlibStream;
  private part: 'header' | 'body' | 'trailer' | 'padding' = 'header';
  /** What there is of a header or a trailer that goes on in the next chunk. */
  private begun: Uint8Array = NOTHING;
  private members = 0;

  public constructor(
    emit: Emit,
    private readonly check: Emit,
    room?: Room,
  ) {
    this.stream = new ZlibStream(DEFLATE_FORMAT, emit, room);
  }

  public push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) rest = this[this.part](rest);
  }

  public finish(): void {
    // The end of a body shows only in that something follows, or in that nothing does.
    if (this.part === 'body') this.stream.finish();
    const between = this.part === 'padding' || (this.part === 'header' && this.begun.length === 0);
    if (!between || this.members === 0) throw new InspectionError('truncated', 'gzip: unexpected end of file');
    this.stream.close();
  }

  private header(chunk: Uint8Array): Uint8Array {
    if (this.members > 0 && this.begun.length === 0 && chunk[0] === 0) return this.enter('padding', chunk);
    const bytes = this.joined(chunk);
    const length = gzipHeaderLength(bytes);
    return length === undefined ? this.wait(bytes) : this.enter('body', bytes.subarray(length));
  }

  private body(chunk: Uint8Array): Uint8Array {
    const rest = this.stream.unpack(chunk);
    return rest.length === 0 ? rest : this.enter('trailer', rest);
  }

  private trailer(chunk: Uint8Array): Uint8Array {
    const bytes = this.joined(chunk);
    if (bytes.length < GZIP_TRAILER_BYTES) return this.wait(bytes);
    this.check(bytes.subarray(0, GZIP_TRAILER_BYTES));
    this.members++;
    this.stream.reset();
    return this.enter('header', bytes.subarray(GZIP_TRAILER_BYTES));
  }

  private padding(chunk: Uint8Array): Uint8Array {
    checkPadding(chunk, 'gzip');
    return NOTHING;
  }

  private joined(chunk: Uint8Array): Uint8Array {
    return this.begun.length === 0 ? chunk : Buffer.concat([this.begun, chunk]);
  }

  /** Chunks are only borrowed, so what is kept of one is copied. */
  private wait(bytes: Uint8Array): Uint8Array {
    this.begun = Uint8Array.from(bytes);
    return NOTHING;
  }

  private enter(part: typeof this.part, rest: Uint8Array): Uint8Array {
    this.part = part;
    this.begun = NOTHING;
    return rest;
  }
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
