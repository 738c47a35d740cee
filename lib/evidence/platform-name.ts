/** Other names of architectures, as containerd knows them (`platforms/database.go`). */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm/v7',
  armel: 'arm/v6',
  i386: '386',
};

/** Variants that say nothing, because they are what the architecture stands for. */
const SILENT_VARIANTS: ReadonlySet<string> = new Set(['amd64/v1', 'arm64/v8']);

/** The platforms on which AWS runs Linux containers. */
export const AWS_PLATFORMS: readonly string[] = ['linux/amd64', 'linux/arm64'];

/** One spelling for the names of one platform: `linux/aarch64` and `linux/arm64/v8` are `linux/arm64`. */
export function normalPlatform(name: string): string {
  const [os, architecture = '', variant] = name.toLowerCase().split('/');
  const known = ARCHITECTURES[architecture] ?? architecture;
  const full = variant ? `${known.split('/')[0]}/${variant}` : known === 'arm' ? 'arm/v7' : known;
  return `${os}/${SILENT_VARIANTS.has(full) ? full.split('/')[0] : full}`;
}
