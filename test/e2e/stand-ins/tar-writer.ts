/**
 * A deterministic ustar writer for the few small entries that the stand-ins add to what Debian's packages hold.
 */

/** The time stamp that distroless' own build gives to every file: 2000-01-01. */
export const MODIFIED_AT = 946_684_800;

/** What makes GNU tar write the same bytes for the same files. */
export const DETERMINISTIC = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${MODIFIED_AT}`];

const BLOCK = 512;

interface EntryOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export function directory(name: string, options: EntryOptions = {}): Buffer {
  return header({ name: `./${name}/`, type: '5', mode: 0o755, ...options });
}

export function file(name: string, content: string | Buffer, options: EntryOptions = {}): Buffer {
  const body = Buffer.from(content);
  const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
  const head = header({ name: `./${name}`, type: '0', mode: 0o644, sizeBytes: body.length, ...options });
  return Buffer.concat([head, body, padding]);
}

export function symlink(name: string, target: string): Buffer {
  return header({ name: `./${name}`, type: '2', mode: 0o777, target });
}

/** The entries, closed as an archive. */
export function archive(...entries: Buffer[]): Buffer {
  return Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
}

/** An archive without its closing zero blocks, so that entries can be appended. */
export function opened(archived: Buffer): Buffer {
  let end = archived.length - (archived.length % BLOCK);
  while (end > 0 && archived.subarray(end - BLOCK, end).every((byte) => byte === 0)) end -= BLOCK;
  return archived.subarray(0, end);
}

interface Header extends EntryOptions {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly sizeBytes?: number;
  readonly target?: string;
}

function header(entry: Header): Buffer {
  const { name, target = '' } = entry;
  if (Buffer.byteLength(name) > 100 || Buffer.byteLength(target) > 100) throw new Error(`too long for ustar: ${name}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number): number =>
    block.write(value.toString(8).padStart(length - 1, '0') + '\0', offset, 'ascii');
  block.write(name, 0);
  octal(entry.mode, 100, 8);
  octal(entry.uid ?? 0, 108, 8);
  octal(entry.gid ?? 0, 116, 8);
  octal(entry.sizeBytes ?? 0, 124, 12);
  octal(MODIFIED_AT, 136, 12);
  block.write(entry.type, 156, 'ascii');
  block.write(target, 157);
  block.write('ustar\0' + '00', 257, 'ascii');
  return withChecksum(block);
}

/** The checksum counts its own field as spaces. */
function withChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(sum.toString(8).padStart(6, '0') + '\0 ', 148, 'ascii');
  return block;
}
