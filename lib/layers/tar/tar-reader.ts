import { InspectionError, locating } from '../inspection-error';
import { normalisePath } from './entry-path';
import { checkGlobalPaxRecords, readPaxRecords, type Overrides } from './pax-records';
import type { BodySink, TarEntry } from './tar-entry';
import { BLOCK, HeaderReader, isZero, type TarHeader } from './tar-header';

/** A record of names longer than this has no honest use: paths end at 4 KiB, extended attributes at 64 KiB each. */
const LONGEST_RECORD = 1024 * 1024;

const TYPES: ReadonlyMap<string, TarEntry['type']> = new Map([
  ['0', 'file'],
  ['\0', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'other'],
  ['4', 'other'],
  ['5', 'directory'],
  ['6', 'other'],
]);

/** Of nearly every entry. */
const NONE: Overrides = {};

/** Entries that say something about the entry behind them. */
const RECORD_TYPES = 'xgLK';

/** What the reader asks of its user. */
export interface TarVisitor {
  /** Takes an entry, and answers with what takes its body, if that is wanted. Only files have bodies. */
  (entry: TarEntry): BodySink | undefined;
}

/** Entries that follow each other, and that have been taken together. */
export interface TarRun {
  /** How many of the bytes they take up. */
  readonly taken: number;
  /** How many bytes behind those that were given belong to the body of the last of them. */
  readonly left: number;
  /** And how many to the padding behind it. */
  readonly padding: number;
}

/** Takes entries that are read in a way of their own. */
export interface TarRuns {
  /** @param bytes some of the archive, with a header at this place */
  take(bytes: Buffer, at: number): TarRun | undefined;
}

/**
 * Reads a tar archive that is pushed into it in chunks of any size: ustar, GNU and pax.
 *
 * Whatever readers of tar archives disagree on is refused, because what one of them does not see another may unpack: sparse files,
 * unknown types, data behind the end, names that are given twice. The reader keeps no more than one header or one record of names.
 */
export class TarReader {
  private readonly headers = new HeaderReader();
  /** Collects a header that lies in several chunks. */
  private readonly block = Buffer.alloc(BLOCK);
  private filled = 0;
  /** Where in the archive the next byte lies. */
  private position = 0;
  private body?: { sink?: BodySink; wanted: boolean; left: number; padding: number };
  private record?: { readonly type: string; readonly bytes: Buffer; filled: number; padding: number };
  private overrides: Overrides = NONE;
  private ended = false;

  /** @param runs takes entries that need not be visited, where it knows how to */
  public constructor(
    private readonly visit: TarVisitor,
    private readonly runs?: TarRuns,
  ) {}

  /**
   * How many of the next bytes nobody wants to see. Who can seek may leave them out and call {@link skip} instead.
   */
  public get skippable(): number {
    if (!this.body) return 0;
    const { sink, wanted, left, padding } = this.body;
    return sink && wanted ? 0 : left + padding;
  }

  /** Goes on as if `count` bytes, not more than {@link skippable}, had been pushed. */
  public skip(count: number): void {
    if (count > this.skippable || !this.body) throw new RangeError('more bytes skipped than are skippable');
    const ofBody = Math.min(count, this.body.left);
    this.body.left -= ofBody;
    this.body.padding -= count - ofBody;
    this.position += count;
    if (this.body.left + this.body.padding === 0) this.finishBody();
  }

  /** Takes the next bytes of the archive. */
  public push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let at = 0; at < bytes.length;) at += this.take(bytes, at);
  }

  /** Says that the archive is over. */
  public finish(): void {
    // umoci leaves the padding of the last file out, and Go's reader, which all runtimes use, does not miss it.
    if (this.body?.left === 0) this.finishBody();
    const inside = this.body !== undefined || this.record !== undefined || !isZero(this.block, 0, this.filled);
    if (inside)
      throw new InspectionError('truncated', 'the tar archive ends inside of an entry', { offset: this.position });
    if (Object.keys(this.overrides).length > 0) {
      throw new InspectionError('truncated', 'the tar archive ends behind a name without an entry', {
        offset: this.position,
      });
    }
  }

  private take(chunk: Buffer, at: number): number {
    if (this.body) return this.takeBody(chunk, at);
    if (this.record) return this.takeRecord(chunk, at);
    return this.takeRun(chunk, at) ?? this.takeHeader(chunk, at);
  }

  private takeRun(chunk: Buffer, at: number): number | undefined {
    if (!this.runs || this.filled > 0 || this.ended || this.overrides !== NONE) return undefined;
    const run = this.runs.take(chunk, at);
    if (!run) return undefined;
    const { taken, left, padding } = run;
    this.position += taken;
    if (left + padding > 0) this.body = { wanted: false, left, padding };
    return taken;
  }

  private takeBody(chunk: Buffer, at: number): number {
    const body = this.body as NonNullable<typeof this.body>;
    const available = Math.min(chunk.length - at, body.left);
    if (available > 0 && body.sink && body.wanted) body.wanted = body.sink.push(chunk.subarray(at, at + available));
    const padding = Math.min(chunk.length - at - available, body.left === available ? body.padding : 0);
    body.left -= available;
    body.padding -= padding;
    this.position += available + padding;
    if (body.left + body.padding === 0) this.finishBody();
    return available + padding;
  }

  private finishBody(): void {
    const sink = this.body?.sink;
    this.body = undefined;
    sink?.finish();
  }

  private takeRecord(chunk: Buffer, at: number): number {
    const record = this.record as NonNullable<typeof this.record>;
    const taken = Math.min(chunk.length - at, record.bytes.length - record.filled);
    record.bytes.set(chunk.subarray(at, at + taken), record.filled);
    record.filled += taken;
    const padding = Math.min(chunk.length - at - taken, record.filled === record.bytes.length ? record.padding : 0);
    record.padding -= padding;
    this.position += taken + padding;
    if (record.filled === record.bytes.length && record.padding === 0) this.finishRecord(record.type, record.bytes);
    return taken + padding;
  }

  private takeHeader(chunk: Buffer, at: number): number {
    const taken = Math.min(chunk.length - at, BLOCK - this.filled);
    this.position += taken;
    if (taken === BLOCK) this.readHeader(chunk, at);
    else this.collectHeader(chunk.subarray(at, at + taken));
    return taken;
  }

  private collectHeader(part: Buffer): void {
    this.block.set(part, this.filled);
    this.filled += part.length;
    if (this.filled < BLOCK) return;
    this.filled = 0;
    this.readHeader(this.block, 0);
  }

  private readHeader(bytes: Buffer, at: number): void {
    const offset = this.position - BLOCK;
    if (isZero(bytes, at, at + BLOCK)) this.ended = true;
    else if (this.ended) {
      throw new InspectionError(
        'ambiguous',
        'the tar archive goes on behind its end',
        { offset },
        'two archives in one file',
      );
    } else locating({ offset }, () => this.open(this.headers.read(bytes, at), offset));
  }

  private open(header: TarHeader, offset: number): void {
    if (RECORD_TYPES.includes(header.type)) this.openRecord(header);
    else this.openEntry(header, offset);
  }

  private openRecord({ type, size }: TarHeader): void {
    if (size > LONGEST_RECORD) throw new InspectionError('limit', `record of names of ${size} bytes`);
    this.record = { type, bytes: Buffer.alloc(size), filled: 0, padding: paddingOf(size) };
    if (size === 0) this.finishRecord(type, this.record.bytes);
  }

  private finishRecord(type: string, bytes: Buffer): void {
    this.record = undefined;
    locating({ offset: this.position }, () => {
      if (type === 'g') checkGlobalPaxRecords(bytes);
      else if (type === 'x') this.override(readPaxRecords(bytes));
      else this.override(type === 'L' ? { name: gnuName(bytes) } : { target: gnuName(bytes) });
    });
  }

  private override(overrides: Overrides): void {
    const again = Object.keys(overrides).find((field) => Object.hasOwn(this.overrides, field));
    if (again) throw new InspectionError('ambiguous', `entry with two records for its ${again}`);
    this.overrides = { ...this.overrides, ...overrides };
  }

  private openEntry(header: TarHeader, offset: number): void {
    const entry = toEntry(this.overrides === NONE ? header : { ...header, ...this.overrides }, offset);
    this.overrides = NONE;
    this.body = { sink: this.visit(entry), wanted: true, left: entry.sizeBytes, padding: paddingOf(entry.sizeBytes) };
    if (entry.sizeBytes === 0) this.finishBody();
  }
}

function toEntry({ name, target, size, type, mode }: TarHeader, offset: number): TarEntry {
  const known = TYPES.get(type);
  if (known === undefined) {
    throw new InspectionError('ambiguous', `entry of type ${JSON.stringify(type)}, which programs read differently`, {
      path: name,
    });
  }
  const kind = type === '\0' && name.endsWith('/') ? 'directory' : known;
  if (size > 0 && kind !== 'file') throw new InspectionError('ambiguous', `${kind} that has a body`, { path: name });
  const path = normalisePath(name);
  if (kind === 'file' && name.endsWith('/'))
    throw new InspectionError('ambiguous', 'file named like a directory', { path });
  if (path === '' && kind !== 'directory') throw new InspectionError('corrupt', 'entry without a name');
  return {
    type: kind,
    path,
    target: targetOf(kind, target),
    mode,
    sizeBytes: size,
    offset,
    bodyOffset: offset + BLOCK,
  };
}

function targetOf(kind: TarEntry['type'], target: string): string {
  if (kind !== 'symlink' && kind !== 'hardlink') return '';
  if (target === '' || target.includes('\0')) throw new InspectionError('corrupt', 'link without a usable target');
  return kind === 'hardlink' ? normalisePath(target) : target;
}

/** A name in a record of GNU tar, which ends it with a NUL. */
function gnuName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  if (end >= 0 && !isZero(bytes, end, bytes.length))
    throw new InspectionError('ambiguous', 'long name with a NUL in it');
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
