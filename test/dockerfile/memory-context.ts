import type { BuildContext, ContextEntry } from '../../lib/dockerfile/analysis';

/** A file's content, or a link's target. */
export type MemoryFile = string | Buffer | { readonly link: string };

/** A build context out of a table of files. */
export function memoryContext(files: Readonly<Record<string, MemoryFile>>): BuildContext {
  const entry = (path: string): ContextEntry | undefined => {
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (file === undefined) return isDirectory(path) ? { type: 'directory', mode: 0o755, sizeBytes: 0 } : undefined;
    if (typeof file === 'object' && 'link' in file)
      return { type: 'symlink', mode: 0o777, sizeBytes: 0, target: file.link };
    return { type: 'file', mode: 0o644, sizeBytes: file.length };
  };
  const isDirectory = (path: string): boolean =>
    path === '' || Object.keys(files).some((name) => name.startsWith(`${path}/`));
  return {
    description: 'a table',
    list: (directory) => {
      if (!isDirectory(directory)) return undefined;
      const prefix = directory === '' ? '' : `${directory}/`;
      const inside = Object.keys(files).filter((name) => name.startsWith(prefix));
      return [...new Set(inside.map((name) => name.slice(prefix.length).split('/')[0]))].sort();
    },
    stat: entry,
    read: (path, take) => {
      const file = files[path];
      if (typeof file === 'object' && 'link' in file) throw new Error(`${path} is a link`);
      const bytes = Buffer.from(file);
      for (let at = 0; at < bytes.length; at += 100) if (!take(bytes.subarray(at, at + 100))) return;
    },
  };
}

/** Machine code with the strings that only busybox has. */
export const BUSYBOX = Buffer.concat([
  Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
  Buffer.alloc(600),
  Buffer.from('BusyBox v1.37.0 () multi-call binary\0'),
]);

/** Machine code that is no tool. */
export const PROGRAM = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(900)]);

/** A tar archive of files. */
export function tar(files: Readonly<Record<string, Buffer | string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const body = Buffer.from(content);
    return [tarHeader(name, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write('0000755\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
