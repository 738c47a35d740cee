import { RefusedDockerfile } from './refusal';

export interface Platform {
  readonly os: string;
  readonly arch: string;
  readonly variant: string;
  readonly osVersion: string;
}

/** What BuildKit builds for, and on, when it is told nothing. */
export const DEFAULT_PLATFORM: Platform = { os: 'linux', arch: 'amd64', variant: '', osVersion: '' };

const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);
const ARCHITECTURES = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);
const PART = /^[A-Za-z0-9_.-]+$/;
const SYSTEM_PART = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/;

/**
 * Reads `os[/arch[/variant]]`, or an architecture alone, as containerd does.
 *
 * @throws RefusedDockerfile for what is no platform
 */
export function parsePlatform(text: string): Platform {
  const [first, ...rest] = text.split('/');
  const system = SYSTEM_PART.exec(first);
  const valid = system !== null && rest.length <= 2 && rest.every((part) => PART.test(part));
  if (!valid) throw new RefusedDockerfile(`${JSON.stringify(text)} is an invalid platform`);
  if (rest.length === 0 && system[2] === undefined) return fromOnePart(first);
  const os = normalSystem(system[1]);
  const [arch, variant] = normalArchitecture(rest[0] ?? DEFAULT_PLATFORM.arch, rest[1] ?? '');
  return { os, arch, variant: writtenVariant(arch, variant, rest.length), osVersion: system[2] ?? '' };
}

/** A variant that every machine of an architecture has is only kept when it was written out. */
function writtenVariant(arch: string, variant: string, parts: number): string {
  if (parts < 2 && arch === 'arm' && variant === 'v7') return '';
  return parts === 2 && arch === 'arm64' && variant === '' ? 'v8' : variant;
}

function fromOnePart(text: string): Platform {
  const os = normalSystem(text);
  if (SYSTEMS.has(os)) return { ...DEFAULT_PLATFORM, os };
  const [arch, variant] = normalArchitecture(text, '');
  if (!ARCHITECTURES.has(arch)) {
    throw new RefusedDockerfile(`${JSON.stringify(text)}: unknown operating system or architecture`);
  }
  return { ...DEFAULT_PLATFORM, arch, variant: writtenVariant(arch, variant, 1) };
}

/** The platform with the defaults of its architecture applied. */
export function normalisePlatform(platform: Platform): Platform {
  const [arch, variant] = normalArchitecture(platform.arch, platform.variant);
  return { ...platform, os: normalSystem(platform.os), arch, variant };
}

function normalSystem(os: string): string {
  const lower = os.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

function normalArchitecture(written: string, writtenVariant: string): [arch: string, variant: string] {
  const arch = written.toLowerCase();
  const variant = writtenVariant.toLowerCase();
  if (arch === 'i386') return ['386', ''];
  if (['x86_64', 'x86-64', 'amd64'].includes(arch)) return ['amd64', variant === 'v1' ? '' : variant];
  if (arch === 'aarch64' || arch === 'arm64') return ['arm64', variant === '8' || variant === 'v8' ? '' : variant];
  if (arch === 'armhf') return ['arm', 'v7'];
  if (arch === 'armel') return ['arm', 'v6'];
  if (arch === 'arm') return ['arm', variant === '' ? 'v7' : variant.replace(/^[5678]$/, 'v$&')];
  return [arch, variant];
}

/** `os/arch[/variant]` */
export function formatPlatform({ os, arch, variant }: Platform): string {
  return variant === '' ? `${os}/${arch}` : `${os}/${arch}/${variant}`;
}

/** The platform with the version of the system, as `TARGETPLATFORM` has it. */
export function formatFullPlatform(platform: Platform): string {
  const version = platform.osVersion === '' ? '' : `(${platform.osVersion})`;
  return formatPlatform({ ...platform, os: platform.os + version });
}
