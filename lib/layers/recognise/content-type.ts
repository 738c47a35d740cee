/**
 * What a file is by its first bytes.
 *
 * - `elf`, `pe`, `mach-o`, `wasm`: machine code in one of the formats that something may execute
 * - `script`: text that begins with `#!`
 * - `archive`: compressed, or files packed into one
 * - `text`, `data`: neither of these, without and with bytes that do not belong into text
 * - `empty`: no bytes at all
 */
export type ContentType = 'elf' | 'pe' | 'mach-o' | 'wasm' | 'script' | 'archive' | 'text' | 'data' | 'empty';

/** How many of a file's first bytes tell its type. */
export const CONTENT_TYPE_BYTES = 512;

const MAGICS: ReadonlyArray<readonly [magic: string, type: ContentType]> = [
  ['\x7fELF', 'elf'],
  ['#!', 'script'],
  ['MZ', 'pe'],
  ['\0asm', 'wasm'],
  ['\xfe\xed\xfa\xce', 'mach-o'],
  ['\xfe\xed\xfa\xcf', 'mach-o'],
  ['\xce\xfa\xed\xfe', 'mach-o'],
  ['\xcf\xfa\xed\xfe', 'mach-o'],
  ['\x1f\x8b', 'archive'],
  ['\x28\xb5\x2f\xfd', 'archive'],
  ['\xfd7zXZ\0', 'archive'],
  ['BZh', 'archive'],
  ['PK\x03\x04', 'archive'],
  ['!<arch>\n', 'archive'],
  ['hsqs', 'archive'],
];

interface Magic {
  readonly bytes: Uint8Array;
  readonly type: ContentType;
}

const NONE: readonly Magic[] = [];

/** By their first bytes, which hardly any file begins with. */
const MAGICS_BY_FIRST_BYTE = new Map<number, Magic[]>();
for (const [magic, type] of MAGICS) {
  const bytes = Buffer.from(magic, 'latin1');
  MAGICS_BY_FIRST_BYTE.set(bytes[0], [...(MAGICS_BY_FIRST_BYTE.get(bytes[0]) ?? []), { bytes, type }]);
}

/** What a file is that begins with these bytes; all of them must be given when it is shorter than {@link CONTENT_TYPE_BYTES}. */
export function contentTypeOf(head: Uint8Array): ContentType {
  if (head.length === 0) return 'empty';
  for (const { bytes, type } of MAGICS_BY_FIRST_BYTE.get(head[0]) ?? NONE) if (beginsWith(head, bytes)) return type;
  if (isFatMachO(head)) return 'mach-o';
  return head.includes(0) ? 'data' : 'text';
}

function beginsWith(head: Uint8Array, magic: Uint8Array): boolean {
  for (let at = 0; at < magic.length; at++) if (head[at] !== magic[at]) return false;
  return true;
}

/** Whether something may execute the file as it is, so that its bytes have to be looked at. */
export function isMachineCode(type: ContentType): boolean {
  return type === 'elf' || type === 'pe' || type === 'mach-o' || type === 'wasm';
}

/** Universal binaries share their magic with Java classes, where the fifth to eighth byte are a version that is never below 45. */
function isFatMachO(head: Uint8Array): boolean {
  const magic = head[0] === 0xca && head[1] === 0xfe && head[2] === 0xba && head[3] === 0xbe;
  return magic && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] < 45;
}
