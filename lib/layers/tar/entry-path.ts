import { InspectionError } from '../inspection-error';

/** The kernel refuses paths of more than 4 KiB; names are put together from parts, so a little more is let through. */
const LONGEST_PATH = 8 * 1024;

/** An empty name, `.` or `..`. */
const NEEDS_WORK = /(^|\/)\.{0,2}(\/|$)/;

/**
 * A path in the one form in which equal paths are equal strings: without `.`, empty names, and slashes at the ends.
 *
 * @throws InspectionError when it leads upwards, holds a NUL, or is longer than any file system takes
 */
export function normalisePath(path: string): string {
  if (path.length > LONGEST_PATH) throw new InspectionError('limit', `name of ${path.length} bytes`, { path });
  if (path.includes('\0')) throw new InspectionError('corrupt', 'name with a NUL', { path });
  const plain = path.slice(path.startsWith('./') ? 2 : 0, path.endsWith('/') ? -1 : undefined);
  if (!NEEDS_WORK.test(plain)) return plain;
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw new InspectionError('ambiguous', 'name with ".." in it', { path });
  return names.join('/');
}
