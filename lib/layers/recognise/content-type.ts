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

/** Most files begin with none of these, and need not be compared with every magic. */
const FIRST_BYTES = new Set(MAGICS.map(([magic]) => magic.charCodeAt(0)));
const LONGEST_MAGIC = Math.max(...MAGICS.map(([magic]) => magic.length));

/** What a file is that begins with these bytes; all of them must be given when it is shorter than {@link CONTENT_TYPE_BYTES}. */
export function contentTypeOf(head: Uint8Array): ContentType {
  if (head.length === 0) return 'empty';
  const known = FIRST_BYTES.has(head[0]) ? typeByMagic(head) : undefined;
  if (known) return known;
  if (isFatMachO(head)) return 'mach-o';
  return head.includes(0) ? 'data' : 'text';
}

function typeByMagic(head: Uint8Array): ContentType | undefined {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, LONGEST_MAGIC)).toString('latin1');
  return MAGICS.find(([magic]) => start.startsWith(magic))?.[1];
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
