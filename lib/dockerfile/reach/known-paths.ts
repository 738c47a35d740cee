import type { BroughtTool } from '../analysis';
import { recogniseName } from '../../layers/recognise/name-recogniser';
import { nameOf } from './path-pattern';

/** Directories that hold `sh` in every image that has a shell, or that hold such a directory. */
const SHELL_DIRECTORIES = new Set(['/', '/bin', '/usr', '/usr/bin', '/busybox']);

/** Other directories of the system: they hold whatever was installed, shells and package managers too. */
const SYSTEM_DIRECTORIES = new Set(
  `/etc /lib /lib32 /lib64 /libexec /nix /nix/store /opt /sbin /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/local
   /usr/local/bin /usr/local/lib /usr/local/libexec /usr/local/sbin /usr/sbin /usr/share /var /var/lib`.split(/\s+/),
);

/** Names that people give to a whole file system that they put together. */
const ROOT_FILE_SYSTEM = /\/(?:rootfs|root-fs|chroot|sysroot|installroot|image-root)$/;

/** Directories of the system's own commands, of which many are links to a shell such as busybox. */
const COMMAND_DIRECTORY = /^\/(?:usr\/)?s?bin\/[^/]+$|^\/busybox\/[^/]+$/;

/** Names that nothing but a shell or a package manager has. Others (`rc`, `fish`, `npm`) may be an app's own directories. */
const UNMISTAKABLE = new Set(
  `apk apt apt-cache apt-get ash bash bash-static busybox dash dnf dpkg ksh mksh microdnf rbash rpm sash sh tcsh toybox yum zsh
   zypper`.split(/\s+/),
);

const ANY_COMMAND_DIRECTORY = /(?:^|\/)(?:s?bin|busybox)\/[^/]+$|^\/[^/]+$/;

/** Whether a directory holds `sh` wherever there is one. */
export function holdsShell(directory: string): boolean {
  return SHELL_DIRECTORIES.has(directory);
}

/** Whether a directory is the system's and not an app's own. */
export function isSystemDirectory(directory: string): boolean {
  return SYSTEM_DIRECTORIES.has(directory) || SHELL_DIRECTORIES.has(directory) || ROOT_FILE_SYSTEM.test(directory);
}

/** Whether a path is a command of the system, which may be a link to anything. */
export function isSystemCommand(path: string): boolean {
  return COMMAND_DIRECTORY.test(path);
}

/**
 * The shell or package manager that a path of unknown content is by its name.
 *
 * A name that other things have too counts where commands are kept.
 */
export function toolByName(path: string, by: BroughtTool['by']): BroughtTool | undefined {
  if (!UNMISTAKABLE.has(nameOf(path)) && !ANY_COMMAND_DIRECTORY.test(path)) return undefined;
  const tool = recogniseName(path, 'elf');
  return tool === undefined ? undefined : { ...tool, path, by };
}

/** The path of `sh` in a directory that holds it. */
export function shellIn(directory: string): string {
  if (directory === '/') return '/bin/sh';
  return directory === '/usr' ? '/usr/bin/sh' : `${directory}/sh`;
}
