import type { Family, RepositoryDetails, TagRule } from './family';

const CURRENT = 'gcr.io/distroless/static-debian13:nonroot';
const NODEJS = 'gcr.io/distroless/nodejs24-debian13:nonroot';
const JAVA = 'gcr.io/distroless/java25-debian13:nonroot';
const PYTHON = 'gcr.io/distroless/python3-debian13:nonroot';

const DEBUG: TagRule = {
  tokens: ['debug'],
  kind: 'shell',
  debugVariant: true,
  reason: 'is a debug variant: busybox, with a shell at /busybox/sh',
};

/** Tags that the project puts on any image that it replaces or retires, debug images too. */
const RETIRED: TagRule = {
  pattern: /^(update-available-|deprecated-public-image-|sha256-)[0-9a-f]{64}/,
  kind: 'unproven',
  reason: 'carries a tag that is put on debug images too',
};

const TAGS = [DEBUG, RETIRED];
const USERS = { nonroot: '65532' };
const JAVA_ENTRYPOINT = ['/usr/bin/java', '-jar'];
const NODEJS_ENTRYPOINT = ['/nodejs/bin/node'];

function nodejs(version: number, endOfLife: string): RepositoryDetails {
  const replacement = `gcr.io/distroless/nodejs${version}-debian13:nonroot`;
  return { entrypoint: NODEJS_ENTRYPOINT, endOfLife, replacement };
}

/** Languages and what is in their images now; Node.js is dropped at its own end of life. */
const LANGUAGES: Readonly<Record<string, RepositoryDetails>> = {
  java17: { entrypoint: JAVA_ENTRYPOINT },
  java21: { entrypoint: JAVA_ENTRYPOINT },
  java25: { entrypoint: JAVA_ENTRYPOINT },
  nodejs22: nodejs(22, '2027-04-30'),
  nodejs24: nodejs(24, '2028-04-30'),
  nodejs26: nodejs(26, '2029-04-30'),
  python3: { entrypoint: ['/usr/bin/python3.13'] },
};

const ON_DEBIAN_13 = Object.fromEntries(Object.entries(LANGUAGES).map(([name, facts]) => [`${name}-debian13`, facts]));

function retired(endOfLife: string, replacement: string, entrypoint?: readonly string[]): RepositoryDetails {
  return { endOfLife, replacement, entrypoint };
}

/** Repositories that are no longer built, and the day it ended. */
const ENDED: Readonly<Record<string, RepositoryDetails>> = {
  'static-debian12': retired('2026-09-01', CURRENT),
  'base-nossl-debian12': retired('2026-09-01', 'gcr.io/distroless/base-nossl-debian13:nonroot'),
  'base-debian12': retired('2026-09-01', 'gcr.io/distroless/base-debian13:nonroot'),
  'cc-debian12': retired('2026-09-01', 'gcr.io/distroless/cc-debian13:nonroot'),
  'java-base-debian12': retired('2026-02-27', 'gcr.io/distroless/java-base-debian13:nonroot'),
  'java17-debian12': retired('2026-02-27', 'gcr.io/distroless/java17-debian13:nonroot', JAVA_ENTRYPOINT),
  'java21-debian12': retired('2026-02-27', 'gcr.io/distroless/java21-debian13:nonroot', JAVA_ENTRYPOINT),
  'nodejs18-debian12': retired('2025-04-30', NODEJS, NODEJS_ENTRYPOINT),
  'nodejs20-debian12': retired('2026-02-27', NODEJS, NODEJS_ENTRYPOINT),
  'nodejs22-debian12': retired('2026-02-27', 'gcr.io/distroless/nodejs22-debian13:nonroot', NODEJS_ENTRYPOINT),
  'nodejs24-debian12': retired('2026-02-27', NODEJS, NODEJS_ENTRYPOINT),
  'nodejs20-debian13': retired('2026-05-01', NODEJS, NODEJS_ENTRYPOINT),
  nodejs20: retired('2026-05-01', NODEJS, NODEJS_ENTRYPOINT),
  nodejs18: retired('2025-04-30', NODEJS, NODEJS_ENTRYPOINT),
  'python3-debian12': retired('2026-05-12', PYTHON, ['/usr/bin/python3.11']),
  'nodejs14-debian11': retired('2023-04-22', NODEJS, NODEJS_ENTRYPOINT),
  'nodejs16-debian11': retired('2023-09-30', NODEJS, NODEJS_ENTRYPOINT),
  dotnet: retired('2021-04-04', 'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled'),
  java: retired('2022-04-19', JAVA, JAVA_ENTRYPOINT),
};

const LEGACY_DEBIAN_END = '2024-09-03';

/** https://github.com/GoogleContainerTools/distroless */
export const GOOGLE: Family = {
  name: 'Google distroless',
  vendor: 'Google',
  freeToPull: true,
  shellMarker: 'the word debug in the tag; python2.7 and python3-debian9, 10 and 11 in every tag',
  sources: [
    'https://github.com/GoogleContainerTools/distroless/blob/main/README.md',
    'https://github.com/GoogleContainerTools/distroless/blob/main/SUPPORT_POLICY.md',
    'https://github.com/nodejs/Release#release-schedule',
  ],
  rules: [
    {
      name: /^gcr\.io\/distroless\/(python3-debian(9|10|11)|python2\.7(-debian\d+)?)$/,
      kind: 'shell',
      reason: 'ships dash as /bin/sh in every tag, although it is called distroless',
      replacement: PYTHON,
      endOfLife: LEGACY_DEBIAN_END,
      entrypoint: ['/usr/bin/python3'],
    },
    {
      name: /^gcr\.io\/distroless\/(static|base|base-nossl|cc|java-base|java(17|21|25)|nodejs(22|24|26)|python3)(-debian13)?$/,
      kind: 'distroless',
      reason: 'is one of the images that Google builds on Debian 13',
      tags: TAGS,
      user: '0',
      users: USERS,
      entrypoint: [],
      repositories: { ...LANGUAGES, ...ON_DEBIAN_13 },
    },
    {
      name: /^gcr\.io\/distroless\/nodejs$/,
      kind: 'unknown',
      reason: 'was never published under this tag; the last of the nodejs:<version> tags were built on 2023-04-05',
      replacement: NODEJS,
      tags: [
        DEBUG,
        {
          pattern: /^(latest|14|16)(-|$)/,
          kind: 'distroless',
          reason: 'is no longer built',
          endOfLife: '2023-04-05',
          entrypoint: NODEJS_ENTRYPOINT,
          replacement: NODEJS,
        },
      ],
    },
    {
      name: /^gcr\.io\/distroless\/(?:[a-z]+[\d.]*(?:-[a-z]+)?-debian(9|10|11)|(static|base|base-nossl|cc)-debian12|java(-base|17|21)-debian12|nodejs(18|20|22|24)-debian12|nodejs20-debian13|nodejs(18|20)|python3-debian12|dotnet|java)$/,
      kind: 'distroless',
      reason: 'is no longer built',
      tags: TAGS,
      user: '0',
      users: USERS,
      endOfLife: LEGACY_DEBIAN_END,
      replacement: 'the debian13 image of the same name, with the tag nonroot',
      repositories: ENDED,
    },
  ],
};
