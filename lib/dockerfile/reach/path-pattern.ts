import { posix } from 'node:path';
import { IgnorePattern } from '../ignore-pattern';

/** A source of COPY as an absolute path: `..` does not lead out of the root. */
export function absolutePath(source: string): string {
  const path = posix.normalize(`/${source}`);
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

export function isPattern(path: string): boolean {
  return /[*?[]/.test(path.replace(/\\./g, ''));
}

/** The names that a path consists of. */
export function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** The directory that all matches of a pattern lie in; a path without wildcards is its own. */
export function fixedPart(path: string): string {
  const names = namesOf(path);
  const first = names.findIndex(isPattern);
  return `/${(first < 0 ? names : names.slice(0, first)).join('/')}`;
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
