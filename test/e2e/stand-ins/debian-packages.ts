import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, sha256 } from './cache-folder';
import { output, text } from './commands';

/** The release that distroless' debian13 images are made from. */
const RELEASE = 'trixie';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** How old the package lists may be. A list that is too old names packages that the archive has dropped. */
const LISTS_KEPT_MS = 12 * 60 * 60 * 1000;

/** What every Debian image has, apt included: the essential packages of `debian:trixie-slim`. */
export const ESSENTIAL_PACKAGES = (
  'apt base-files base-passwd bash bsdutils coreutils dash debianutils diffutils dpkg findutils grep gzip hostname ' +
  'init-system-helpers libc-bin login mawk ncurses-base ncurses-bin perl-base sed sysvinit-utils tar util-linux'
).split(' ');

/** A package as the archive has it today, and its file once it is fetched. */
export interface DebianPackage {
  readonly name: string;
  /** File name with version and architecture: tells the content apart. */
  readonly file: string;
  readonly path: string;
}

/**
 * Packages of Debian 13, whatever Debian the machine runs: an apt of our own (configuration, lists, cache) that asks
 * the mirror that the machine's apt asks. The machine's own configuration stays as it is.
 */
export class DebianPackages {
  private readonly folder = cacheFolder('apt');
  private readonly files = cacheFolder('debs');
  private readonly known = new Map<string, DebianPackage>();
  private readonly closures = new Map<string, Promise<string[]>>();

  /** Writes the configuration, and fetches the package lists unless they are fresh. */
  public async open(): Promise<void> {
    for (const part of ['lists/partial', 'archives/partial']) cacheFolder('apt', part);
    writeFileSync(join(this.folder, 'status'), '');
    writeFileSync(this.sources, await aptSources());
    writeFileSync(this.configuration, this.settings());
    if (!this.fresh()) await this.update();
  }

  /** Changes whenever the archive does. */
  public state(): string {
    return sha256(readFileSync(this.stamp));
  }

  /** Everything that installing these packages on an empty machine installs, in a stable order. */
  public closure(packages: readonly string[]): Promise<string[]> {
    const question = packages.join(' ');
    const answer = this.closures.get(question) ?? this.simulate(packages);
    this.closures.set(question, answer);
    return answer;
  }

  private async simulate(packages: readonly string[]): Promise<string[]> {
    const plan = await text('apt-get', ['-qq', '-s', 'install', ...packages], { env: this.environment() });
    const installed = plan.matchAll(/^Inst ([^ :]+)/gm);
    return [...new Set([...installed].map((match) => match[1]))].sort();
  }

  /** Downloads what is missing; answers in the order asked. */
  public async fetch(names: readonly string[]): Promise<DebianPackage[]> {
    const unknown = names.filter((name) => !this.known.has(name));
    if (unknown.length > 0) await this.download(unknown);
    return names.map((name) => this.find(name));
  }

  private find(name: string): DebianPackage {
    const found = this.known.get(name);
    if (!found) throw new Error(`Debian ${RELEASE} has no package ${name}`);
    return found;
  }

  private async download(names: readonly string[]): Promise<void> {
    // --print-uris leaves out what lies in the current folder already: ask from an empty one.
    const empty = mkdtempSync(join(tmpdir(), 'distroless-e2e-apt-'));
    try {
      const options = { env: this.environment(), cwd: empty };
      const uris = await text('apt-get', ['download', '--print-uris', '-qq', ...names], options);
      const missing: string[] = [];
      for (const [, file, size] of uris.matchAll(/^'[^']*' (\S+) (\d+) /gm)) {
        const found = { name: file.split('_')[0], file, path: join(this.files, file) };
        this.known.set(found.name, found);
        if (!existsSync(found.path) || statSync(found.path).size !== Number(size)) missing.push(found.name);
      }
      if (missing.length > 0) await output('apt-get', ['download', '-qq', ...missing], options);
      for (const name of missing) copyFileSync(join(empty, this.find(name).file), this.find(name).path);
    } finally {
      rmSync(empty, { recursive: true });
    }
  }

  /** The list of mirrors, in apt's own format. */
  public get sources(): string {
    return join(this.folder, 'sources.list');
  }

  private get configuration(): string {
    return join(this.folder, 'apt.conf');
  }

  private get stamp(): string {
    return join(this.folder, 'updated');
  }

  private environment(): NodeJS.ProcessEnv {
    return { ...process.env, APT_CONFIG: this.configuration, LC_ALL: 'C' };
  }

  private settings(): string {
    return [
      `Dir::Etc::sourcelist "${this.sources}";`,
      'Dir::Etc::sourceparts "/dev/null";',
      'Dir::Etc::preferencesparts "/dev/null";',
      `Dir::State::lists "${join(this.folder, 'lists')}";`,
      `Dir::State::status "${join(this.folder, 'status')}";`,
      `Dir::Cache "${this.folder}";`,
      'APT::Install-Recommends "false";',
      'APT::Sandbox::User "root";',
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      'Debug::NoLocking "true";',
      '',
    ].join('\n');
  }

  private fresh(): boolean {
    return existsSync(this.stamp) && Date.now() - statSync(this.stamp).mtimeMs < LISTS_KEPT_MS;
  }

  private async update(): Promise<void> {
    await output('apt-get', ['-qq', 'update', '-o', 'APT::Update::Error-Mode=any'], { env: this.environment() });
    const site = '$(FILENAME)';
    const lists = (await text('apt-get', ['indextargets', '--format', site], { env: this.environment() })).split('\n');
    const digests = lists
      .filter((list) => /_Packages/.test(list) && existsSync(list))
      .map((list) => sha256(readFileSync(list)));
    if (digests.length === 0) throw new Error(`apt-get update brought no package list of Debian ${RELEASE}`);
    writeFileSync(this.stamp, digests.join('\n'));
  }
}

/** The machine's own mirrors, with the release that we need. */
async function aptSources(): Promise<string> {
  const targets = await text('apt-get', [
    'indextargets',
    '--format',
    '$(IDENTIFIER) $(REPO_URI) $(RELEASE) $(COMPONENT)',
  ]);
  const mirrors = targets.split('\n').map((line) => line.split(' '));
  const host = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const mirrorOf = (release: string): string | undefined =>
    mirrors.find(([kind, , suite, component]) => kind === 'Packages' && suite === release && component === 'main')?.[1];
  const archive = mirrorOf(`${host}`);
  if (!archive) throw new Error(`apt has no source for the machine's own release (${host}), so no mirror is known`);
  const security = mirrorOf(`${host}-security`);
  const line = (uri: string, suite: string): string => `deb [signed-by=${KEYRING}] ${uri} ${suite} main\n`;
  return line(archive, RELEASE) + (security ? line(security, `${RELEASE}-security`) : '');
}
