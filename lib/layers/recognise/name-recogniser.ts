import { isMachineCode, type ContentType } from './content-type';
import type { RecognisedTool } from './tool-markers';

/** Names that only shells have. A script or a text of such a name is not one; see {@link recogniseName}. */
const SHELL_NAMES = new Set(
  `sh ash bash dash rbash zsh rzsh ksh ksh93 rksh mksh lksh pdksh oksh loksh posh yash fish csh tcsh bsd-csh sash rc es elvish nu
  pwsh osh ysh oil toysh hush busybox toybox xonsh scsh bash-static zsh-static mksh-static ash.static sh.distrib`.split(
    /\s+/,
  ),
);

/** Names of package managers, wherever they lie. */
const PACKAGE_MANAGERS = kinds({
  apt: 'apt apt-get apt-cache apt-mark apt-cdrom apt-config aptitude nala',
  dpkg: 'dpkg dpkg-deb dpkg-query dpkg-split dpkg-divert',
  rpm: 'rpm rpm2cpio rpmdb rpmkeys microrpm',
  dnf: 'dnf dnf-3 dnf4 dnf5 yum microdnf',
  tdnf: 'tdnf',
  zypper: 'zypper',
  pacman: 'pacman pacman-key makepkg',
  apk: 'apk apk.static',
  opkg: 'opkg ipkg',
  xbps: 'xbps-install xbps-remove xbps-query',
  portage: 'emerge ebuild',
  slackpkg: 'slackpkg installpkg',
  eopkg: 'eopkg',
  guix: 'guix',
  npm: 'npm npx',
  yarn: 'yarn yarnpkg',
  pnpm: 'pnpm pnpx',
  corepack: 'corepack',
  pip: 'pip pip2 pip3 pipx',
});

/** Names that other programs may have too, so that they count only where commands are kept. */
const PACKAGE_MANAGERS_AMONG_COMMANDS = kinds({
  brew: 'brew',
  bundler: 'bundle bundler',
  cargo: 'cargo',
  composer: 'composer composer.phar',
  conda: 'conda mamba micromamba pixi',
  flatpak: 'flatpak',
  gem: 'gem',
  go: 'go',
  nix: 'nix nix-env nix-store nix-build',
  pdm: 'pdm',
  poetry: 'poetry',
  snap: 'snap snapd',
  uv: 'uv uvx',
});

/** A file that is a tool's own code. */
interface ToolFile extends RecognisedTool {
  readonly path: RegExp;
}

const WHEEL = '.whl';

/**
 * Files that are a tool's own code, to be run by an interpreter that is in the image for other reasons; by their names, or what these
 * end in, so that of thousands of files hardly any is compared with a pattern.
 */
const FILES: ReadonlyMap<string, readonly ToolFile[]> = new Map([
  [
    '__main__.py',
    [
      packageManager('pip', /(^|\/)(site|dist)-packages\/pip\/__main__\.py$/),
      { category: 'shell', kind: 'xonsh', path: /(^|\/)(site|dist)-packages\/xonsh\/__main__\.py$/ },
    ],
  ],
  [WHEEL, [packageManager('pip', /(^|\/)(ensurepip\/_bundled|python-wheels)\/pip-[^/]*\.whl$/)]],
  ['main.py', [packageManager('dnf', /(^|\/)(site|dist)-packages\/dnf\/cli\/main\.py$/)]],
  [
    'package.json',
    [
      packageManager('npm', /(^|\/)(node_modules|nodejs)\/npm\/package\.json$/),
      packageManager('pnpm', /(^|\/)(node_modules|nodejs)\/pnpm\/package\.json$/),
      packageManager('corepack', /(^|\/)(node_modules|nodejs)\/corepack\/package\.json$/),
      packageManager('yarn', /(^|\/)((node_modules|nodejs)\/yarn|opt\/yarn-[^/]*)\/package\.json$/),
    ],
  ],
  [
    'System.Management.Automation.dll',
    [{ category: 'shell', kind: 'pwsh', path: /(^|\/)System\.Management\.Automation\.dll$/ }],
  ],
]);

/** The names of files that mean something whatever is in them. Those that end in `.whl` do, too. */
export const TELLING_NAMES: readonly string[] = [...SHELL_NAMES, ...FILES.keys()];

const COMMAND_DIRECTORY = /(^|\/)(s?bin|\.bin|shims|busybox)\/[^/]+$/;
const VERSIONED_PIP = /^pip\d(\.\d+)?$/;

/**
 * Tells a shell or a package manager by its path and by the type of what the path leads to.
 *
 * A shell is machine code: a script named `sh` needs a shell but is none, and neither is an empty file. Package managers may be
 * scripts; these count only in directories of commands, because `/etc/cron.daily/dpkg` and the like are not the tool itself.
 *
 * @param path the path of the file, or of a link to it
 * @param type what the path leads to in the end
 */
export function recogniseName(path: string, type: ContentType): RecognisedTool | undefined {
  if (type === 'empty') return undefined;
  const name = baseName(path);
  return ownFileOf(path, name) ?? commandOf(path, name, type);
}

/** Whether commands are kept in the directory of a path. */
export function isCommandPath(path: string): boolean {
  return COMMAND_DIRECTORY.test(path);
}

/** Whether the name alone is a shell's. */
export function isShellName(path: string): boolean {
  return SHELL_NAMES.has(baseName(path));
}

function ownFileOf(path: string, name: string): RecognisedTool | undefined {
  const candidates = FILES.get(name.endsWith(WHEEL) ? WHEEL : name);
  const file = candidates?.find((candidate) => candidate.path.test(path));
  return file && { category: file.category, kind: file.kind };
}

function commandOf(path: string, name: string, type: ContentType): RecognisedTool | undefined {
  const machineCode = isMachineCode(type);
  if (!machineCode && type !== 'script') return undefined;
  if (SHELL_NAMES.has(name)) return machineCode ? { category: 'shell', kind: name } : undefined;
  const anywhere = VERSIONED_PIP.test(name) ? 'pip' : PACKAGE_MANAGERS.get(name);
  const kind = anywhere ?? PACKAGE_MANAGERS_AMONG_COMMANDS.get(name);
  if (kind === undefined) return undefined;
  const counts = (machineCode && anywhere !== undefined) || isCommandPath(path);
  return counts ? { category: 'package-manager', kind } : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Names of commands, with what they are. A map: looking a name up in an object would keep the name for good. */
function kinds(namesByKind: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(namesByKind).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind])));
}

function packageManager(kind: string, path: RegExp): ToolFile {
  return { category: 'package-manager', kind, path };
}
