import { posix } from 'node:path';
import { IgnorePattern } from '../ignore-pattern';

/** What keeps an absolute path from being normal: `//`, `/./`, `/../`, a slash at its end. */
const NOT_NORMAL = /\/(?:\.{0,2}(?:\/|$))/;

/** A source of COPY as an absolute path: `..` does not lead out of the root. */
export function absolutePath(source: string): string {
  const path = source.startsWith('/') ? source : `/${source}`;
  if (!NOT_NORMAL.test(path)) return path;
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** The path of a name in a directory, both of them normal. */
export function pathInside(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function isPattern(path: string): boolean {
  return /[*?[]/.test(path) && /[*?[]/.test(path.replace(/\\./g, ''));
}

/** The names that a path consists of. */
export function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** The directory that all matches of a pattern lie in; a normal path without wildcards is its own. */
export function fixedPart(path: string): string {
  if (!isPattern(path)) return path;
  const names = namesOf(path);
  return `/${names.slice(0, names.findIndex(isPattern)).join('/')}`;
}

/** Whether one name matches one name of a pattern. What is no pattern matches itself. */
export function matchesName(pattern: string, name: string): boolean {
  try {
    return isPattern(pattern) ? new IgnorePattern(pattern.replaceAll('**', '*')).matches(name) : pattern === name;
  } catch {
    return false;
  }
}

/** Whether a path matches a pattern name by name. */
export function matchesPath(pattern: string, path: string): boolean {
  const patterns = namesOf(pattern);
  const names = namesOf(path);
  return patterns.length === names.length && patterns.every((name, index) => matchesName(name, names[index]));
}

/** Whether a path is a directory or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}
