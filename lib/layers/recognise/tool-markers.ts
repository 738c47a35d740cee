/** A shell or a package manager, whatever it was recognised by. */
export interface RecognisedTool {
  readonly category: 'shell' | 'package-manager';
  /** busybox, bash, apt ... */
  readonly kind: string;
}

/** Byte strings that give a tool away in the executable itself, however it is named, linked or stripped. */
export interface ToolMarker extends RecognisedTool {
  /** All of these occur in it, one character for each byte. */
  readonly all: readonly string[];
  /** And one of these, where there are any. */
  readonly any?: readonly string[];
  /** Left out when a marker that says more precisely what it is has been seen too. */
  readonly generic?: boolean;
}

/**
 * What every shell with the POSIX grammar holds: its reserved words, each ended by NUL.
 *
 * Only the end can be relied on, because linkers merge strings that have the same tail. Measured over 4,791 executables of Debian:
 * it finds every bash, dash, klibc sh, busybox, ksh93, mksh, posh and zsh, and nothing else but mc and shellcheck.
 */
const POSIX_GRAMMAR = ['esac\0', 'elif\0', 'then\0'];
const POSIX_BUILTINS = ['getopts\0', 'unalias\0'];

/** Shells; more precise markers first. Found by looking at the executables that Debian 12, 13 and sid ship. */
const SHELL_MARKERS: readonly ToolMarker[] = [
  shell('bash', ['@(#)Bash version ']),
  shell('bash', ['BASH_ARGV0\0', ...POSIX_GRAMMAR]),
  shell('busybox', ['BusyBox v', 'multi-call binary']),
  shell('busybox', ['\0ash\0', '\0hush\0', 'BusyBox']),
  shell('toybox', ['toybox ', 'multicall binary']),
  shell('toybox', ['toysh\0', 'toybox ']),
  shell('zsh', ['ZSH_ARGZERO', 'ZSH_VERSION', ...POSIX_GRAMMAR]),
  shell('ksh93', ['.sh.version', ...POSIX_GRAMMAR]),
  shell('mksh', ['@(#)MIRBSD KSH R']),
  shell('mksh', ['@(#)LEGACY KSH R']),
  shell('posh', ['POSH_VERSION', ...POSIX_GRAMMAR]),
  shell('csh', ['breaksw\0', 'onintr\0', 'endsw\0', 'foreach\0']),
  shell('yash', ['YASH_LOADPATH']),
  shell('fish', ['fish_private_mode']),
  shell('fish', ['fish scripts require an interpreter directive']),
  shell('sash', ['Stand-alone shell (version']),
  shell('rc', ['@(#)rc 1.']),
  shell('rc', ['rcmain', 'rc: %s: %r']),
  shell('elvish', ['src.elv.sh/pkg/eval']),
  shell('gosh', ['mvdan.cc/sh/v3/interp']),
  shell('nushell', ['nu_protocol', 'nu_parser']),
  shell('brush', ['brush_core::', 'brush_parser::']),
  shell('oils', ['oils-for-unix']),
  shell('oils', ['OILS_VERSION']),
  shell('dash', ['%s unexpected (expecting %s)', 'Syntax error: %s', ...POSIX_GRAMMAR], POSIX_BUILTINS),
  { ...shell('posix-sh', POSIX_GRAMMAR, POSIX_BUILTINS), generic: true },
];

const PACKAGE_MANAGER_MARKERS: readonly ToolMarker[] = [
  packageManager('apt', ['Usage: apt-get [options] command']),
  packageManager('apt', ['libapt-pkg.so']),
  packageManager('dpkg', ["Debian '%s' package management program version %s"]),
  packageManager('dpkg', ["Debian '%s' package archive backend version %s"]),
  packageManager('rpm', ['RPM version %s']),
  packageManager('rpm', ['librpm.so']),
  packageManager('dnf', ['libdnf5.so']),
  packageManager('dnf', ['libdnf5-cli.so']),
  packageManager('dnf', ['libdnf.so']),
  packageManager('tdnf', ['libtdnf.so']),
  packageManager('zypper', ['libzypp.so']),
  packageManager('pacman', ['libalpm.so']),
  packageManager('pacman', ['pacman v%s - libalpm v%s']),
  packageManager('apk', ['libapk.so']),
  packageManager('apk', ['apk-tools ', ', compiled for ']),
  packageManager('nix', ['nix (Nix) ']),
  packageManager('go', ['cmd/go/internal/modget']),
  packageManager('cargo', ['cargo::sources::registry', 'cargo::core::resolver']),
  packageManager('uv', ['uv_resolver::', 'uv_installer::']),
  // Applets of busybox; whether they are compiled in shows in its table of names.
  packageManager('dpkg', ['\0dpkg\0', 'BusyBox v', 'multi-call binary']),
  packageManager('rpm', ['\0rpm\0', 'BusyBox v', 'multi-call binary']),
];

/** Every marker that is looked for. */
export const TOOL_MARKERS: readonly ToolMarker[] = [...SHELL_MARKERS, ...PACKAGE_MANAGER_MARKERS];

function shell(kind: string, all: readonly string[], any?: readonly string[]): ToolMarker {
  return { category: 'shell', kind, all, any };
}

function packageManager(kind: string, all: readonly string[]): ToolMarker {
  return { category: 'package-manager', kind, all };
}
