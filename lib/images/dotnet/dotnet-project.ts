import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The project files in a directory, by name. */
export function projectFilesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => /\.(cs|fs|vb)proj$/.test(name));
}

/** Whether a project file says that the program is published with its runtime: compiled ahead of time, or trimmed. */
export function bringsOwnRuntime(text: string): boolean {
  return isAheadOfTime(text) || isTrue(text, 'PublishTrimmed') || isTrue(text, 'SelfContained');
}

/** Whether the program is compiled to machine code when it is published. */
export function isAheadOfTime(text: string): boolean {
  return isTrue(text, 'PublishAot');
}

/** The text of the project file that a directory has or that is named; empty when there is not just one. */
export function projectText(directory: string, projectFile?: string): string {
  const isDirectory = statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
  const [file, ...others] = projectFile === undefined && isDirectory ? projectFilesIn(directory) : [projectFile];
  if (file === undefined || others.length > 0) return '';
  const path = join(directory, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function isTrue(text: string, property: string): boolean {
  const withoutComments = text.replace(/<!--[\s\S]*?-->/g, '');
  return new RegExp(`<${property}>\\s*true\\s*</`, 'i').test(withoutComments);
}
