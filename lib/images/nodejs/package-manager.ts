import { cacheMount, shellWord } from '../dockerfile-text';
import type { Project } from '../project';
import type { PackageManifest } from './package-manifest';
import type { WorkspacePackage } from './workspaces';

/** How a package manager is used in a build. */
export interface PackageManager {
  readonly lockfile: string;
  /** Files and directories beside the lockfile that installing reads, where they are there. */
  readonly manifests: readonly string[];
  /** Variables that it is told its settings with. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Commands that put the package manager into the builder. */
  readonly setup: readonly string[];
  /** Mounts of what it keeps between builds. */
  readonly mounts: readonly string[];
  /** Installs what the lockfile says, or fails. */
  readonly install: string;
  /** The same without development dependencies. */
  readonly installProduction: string;
  /** Takes the development dependencies away again. */
  readonly prune: string;
  /** Files in node_modules that it writes the time, or paths of the build, into; programs do not read them. */
  readonly notes: readonly string[];
  /** Whether it refuses to install when a package of the repository is not there, though it does not need it. */
  readonly wantsAllWorkspaces: boolean;
  /** Installs what one package of the repository needs when it runs, and nothing else. */
  focus(service: WorkspacePackage): string;
  /** Runs a script of package.json. */
  run(script: string): string;
}

const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];

/** Tells the package manager from the lockfile. */
export function packageManagerOf(project: Project, manifest: PackageManifest): PackageManager {
  const lockfile = project.onlyOne(LOCKFILES, 'lockfile', 'make one with npm install, and commit it');
  const wanted = parsePackageManager(project, manifest.packageManager);
  const manager = managerOf(project, lockfile, wanted);
  const name = lockfile.startsWith('yarn') ? 'yarn' : lockfile.startsWith('pnpm') ? 'pnpm' : 'npm';
  if (wanted && wanted.name !== name) {
    project.refuseDirectory(
      `package.json wants packageManager ${wanted.name}, and the lockfile is ${lockfile}`,
      'make them agree',
    );
  }
  return manager;
}

interface WantedManager {
  readonly name: string;
  readonly version: string;
}

/** `pnpm@10.4.1+sha512.abc`: a name, an exact version, perhaps a hash. */
function parsePackageManager(project: Project, field?: string): WantedManager | undefined {
  if (field === undefined) return undefined;
  const match = /^(npm|yarn|pnpm|bun)@(\d+\.\d+\.\d+[\w.-]*)(\+.*)?$/.exec(field);
  if (match === null) {
    project.refuseDirectory(
      `packageManager '${field}' in package.json names no exact version`,
      'write it as "pnpm@10.20.0"',
    );
  }
  return { name: match[1], version: match[2] };
}

function managerOf(project: Project, lockfile: string, wanted?: WantedManager): PackageManager {
  switch (lockfile) {
    case 'yarn.lock':
      return isBerry(project) ? yarnBerry(project, wanted) : yarnClassic(wanted);
    case 'pnpm-lock.yaml':
      return pnpm(project, wanted);
    case 'bun.lock':
    case 'bun.lockb':
      return project.refuseDirectory(
        `${lockfile} is Bun's, and there is no Bun in the builder`,
        'make a package-lock.json',
      );
    default:
      return npm(lockfile, wanted);
  }
}

/** Yarn 2 and later head their lockfile with `__metadata:`. */
function isBerry(project: Project): boolean {
  return /^__metadata:/m.test(project.tryRead('yarn.lock') ?? '');
}

function npm(lockfile: string, wanted?: WantedManager): PackageManager {
  const install = 'npm ci --no-audit --no-fund';
  return {
    lockfile,
    manifests: ['.npmrc', 'patches'],
    // Else each command asks the registry for newer npms, and tells of them in the build's log.
    environment: { NPM_CONFIG_UPDATE_NOTIFIER: 'false' },
    setup: wanted ? [`npm install --global npm@${wanted.version}`] : [],
    mounts: [cacheMount('/root/.npm')],
    install,
    installProduction: `${install} --omit=dev`,
    prune: 'npm prune --omit=dev --no-audit --no-fund',
    notes: [],
    wantsAllWorkspaces: true,
    focus: ({ path }) => `${install} --omit=dev --workspace=${shellWord(path)}`,
    run: (script) => `npm run ${script}`,
  };
}

/** The last release of Yarn 1. */
const YARN_CLASSIC = '1.22.22';

function yarnClassic(wanted?: WantedManager): PackageManager {
  const install = 'yarn install --frozen-lockfile --non-interactive --cache-folder /root/.cache/yarn';
  return {
    lockfile: 'yarn.lock',
    manifests: ['.npmrc', '.yarnrc', 'patches'],
    setup: [`npm install --global --force yarn@${wanted?.version ?? YARN_CLASSIC}`],
    mounts: [cacheMount('/root/.cache/yarn', 'locked')],
    install,
    installProduction: `${install} --production`,
    prune: `${install} --production --ignore-scripts --prefer-offline`,
    notes: [],
    // It installs for all packages that are there, so the others must not be.
    wantsAllWorkspaces: false,
    focus: () => `${install} --production`,
    run: (script) => `yarn run ${script}`,
  };
}

/** Yarn 2 and later come with the project, or with the version that package.json names. */
function yarnBerry(project: Project, wanted?: WantedManager): PackageManager {
  const vendored = /^yarnPath:\s*["']?([^"'\s]+)/m.exec(project.tryRead('.yarnrc.yml') ?? '')?.[1];
  if (vendored === undefined && wanted === undefined) {
    project.refuseDirectory(
      'yarn.lock is that of Yarn 2 or later, and nothing says of which version',
      'add "packageManager": "yarn@<version>" to package.json',
    );
  }
  const yarn = vendored === undefined ? 'yarn' : `node ${vendored}`;
  return {
    lockfile: 'yarn.lock',
    manifests: ['.npmrc', '.yarnrc.yml', '.yarn/releases', '.yarn/plugins', '.yarn/patches', 'patches'],
    // Plug'n'Play needs a loader at run time and archives in place of node_modules; the lockfile is the same for both linkers.
    environment: { YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_TELEMETRY: '0' },
    setup: vendored === undefined ? [`npm install --global --force @yarnpkg/cli-dist@${wanted?.version}`] : [],
    mounts: [cacheMount('/root/.yarn/berry/cache', 'locked')],
    install: `${yarn} install --immutable`,
    installProduction: `${yarn} workspaces focus --all --production`,
    prune: `${yarn} workspaces focus --all --production`,
    notes: ['.yarn-state.yml'],
    wantsAllWorkspaces: true,
    focus: ({ manifest, path }) => `${yarn} workspaces focus ${shellWord(manifest.name ?? path)} --production`,
    run: (script) => `${yarn} run ${script}`,
  };
}

/** The newest pnpm that writes the lockfile's version, where package.json does not name one. */
const PNPM_OF_LOCKFILE: Readonly<Record<string, string>> = { '5.4': '7.33.7', '6.0': '8.15.9', '9.0': '10.20.0' };

function pnpm(project: Project, wanted?: WantedManager): PackageManager {
  const version = wanted?.version ?? pnpmOfLockfile(project);
  const install = 'pnpm install --frozen-lockfile --store-dir /root/.pnpm-store';
  return {
    lockfile: 'pnpm-lock.yaml',
    manifests: ['.npmrc', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'patches'],
    setup: [`npm install --global --force pnpm@${version}`],
    mounts: [cacheMount('/root/.pnpm-store')],
    install,
    installProduction: `${install} --prod`,
    // pnpm asks before it removes packages, unless it runs in CI.
    prune: `CI=true ${install} --prod --ignore-scripts --offline`,
    notes: ['.modules.yaml', '.pnpm-workspace-state.json', '.pnpm-workspace-state-v1.json'],
    wantsAllWorkspaces: true,
    focus: ({ path }) => `${install} --prod --filter ${shellWord(`{./${path}}...`)}`,
    run: (script) => `pnpm run ${script}`,
  };
}

function pnpmOfLockfile(project: Project): string {
  const lockfileVersion = /^lockfileVersion:\s*'?([\d.]+)/m.exec(project.tryRead('pnpm-lock.yaml') ?? '')?.[1];
  const version = PNPM_OF_LOCKFILE[lockfileVersion ?? ''];
  if (version !== undefined) return version;
  return project.refuseDirectory(
    `pnpm-lock.yaml has lockfileVersion ${lockfileVersion ?? 'unknown'}, which no known pnpm writes`,
    'add "packageManager": "pnpm@<version>" to package.json',
  );
}
