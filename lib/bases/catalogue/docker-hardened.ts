import { BUILDER_REPOSITORIES, SHELL_FREE_REPOSITORIES, SHELL_REPOSITORIES } from './docker-hardened-repositories';
import { repositories, type Family, type RepositoryDetails, type RepositoryRule, type TagRule } from './family';

const DEV: TagRule = {
  tokens: ['dev', 'sfw'],
  kind: 'shell',
  debugVariant: true,
  reason: 'is a -dev variant: a shell and a package manager, run as root',
  user: '0',
};
const COMPAT: TagRule = {
  tokens: ['compat'],
  kind: 'shell',
  reason: 'is a -compat variant: it holds the tools of the upstream image, a shell with them',
};
const TAGS = [DEV, COMPAT];

const LISTED: Pick<RepositoryRule, 'kind' | 'reason' | 'user'> = {
  kind: 'distroless',
  reason: 'is a hardened image whose definition lists neither a shell nor a package manager',
  user: '65532',
};

const DETAILS: Readonly<Record<string, RepositoryDetails>> = {
  node: { user: '1000', entrypoint: [] },
  deno: { user: '1993', entrypoint: ['/usr/local/bin/deno'] },
  static: { entrypoint: [] },
  python: { entrypoint: [] },
  'eclipse-temurin': { entrypoint: [] },
  amazoncorretto: { entrypoint: [] },
  azul: { entrypoint: [] },
  aspnetcore: { entrypoint: [] },
  ruby: { entrypoint: [] },
  bun: { entrypoint: [] },
  perl: { entrypoint: [] },
};

const INSTEAD: Readonly<Record<string, RepositoryDetails>> = {
  golang: { reason: 'is a builder image with bash', replacement: 'dhi.io/static:20250419-debian13' },
  rust: { reason: 'is a builder image with a shell', replacement: 'gcr.io/distroless/cc-debian13:nonroot' },
  'debian-base': { replacement: 'gcr.io/distroless/base-debian13:nonroot' },
  'alpine-base': { replacement: 'dhi.io/static:20250419-debian13' },
  busybox: { replacement: 'dhi.io/static:20250419-debian13' },
  valkey: { replacement: 'dhi.io/redis:8.8-debian13' },
};

/** Repositories where it depends on the tag, and the tags that have a shell. */
const MIXED: ReadonlyArray<readonly [repository: string, tag: RegExp, reason: string]> = [
  ['dotnet', /(^|-)sdk(-|$)/, 'is the .NET SDK: bash and apt'],
  ['nginx', /(^|-)alpine/, 'is an Alpine variant, which ships busybox'],
  ['erlang-otp', /^(?!.*alpine)/, 'ships dash in its Debian variants'],
  ['influxdb', /(^|-)core(-|$)/, 'ships a shell in its core variants'],
  ['k8s-sidecar', /(^|-)alpine/, 'is an Alpine variant, which ships busybox'],
  ['vault', /(^|-)helm(-|$)/, 'ships a shell in its helm variants'],
];

function rulesUnder(prefix: string): readonly RepositoryRule[] {
  return [
    { name: repositories(prefix, SHELL_FREE_REPOSITORIES), ...LISTED, tags: TAGS, repositories: DETAILS },
    {
      name: repositories(prefix, SHELL_REPOSITORIES),
      kind: 'shell',
      reason: 'lists a shell in every variant',
      tags: TAGS,
      repositories: INSTEAD,
    },
    ...MIXED.map(([name, pattern, reason]): RepositoryRule => ({
      name: repositories(prefix, [name]),
      ...LISTED,
      tags: [...TAGS, { pattern, kind: 'shell', reason }],
    })),
    {
      name: repositories(prefix, ['sapmachine']),
      kind: 'shell',
      reason: 'lists apt and dpkg',
      replacement: 'dhi.io/eclipse-temurin:25-debian13',
    },
    { name: repositories(prefix, BUILDER_REPOSITORIES), kind: 'shell', reason: 'is a builder image with a shell' },
    {
      name: new RegExp(`^${prefix}[a-z0-9._-]+$`),
      kind: 'unproven',
      reason: 'is a hardened image of which the catalogue does not know whether it has a shell',
      tags: TAGS,
    },
  ];
}

/** Anyone can give a repository on Docker Hub such a name, so that it proves nothing good. */
function claimed(rule: RepositoryRule): RepositoryRule {
  if (rule.kind !== 'distroless') return rule;
  const reason =
    'has the name of a copy of a Docker Hardened Image, which anyone can give; declare it as a mirror of dhi.io';
  return { ...rule, kind: 'unproven', reason };
}

/** https://github.com/docker-hardened-images/catalog; its package lists are direct ones, dependencies are not resolved in them. */
export const DOCKER_HARDENED: Family = {
  name: 'Docker Hardened Images',
  vendor: 'Docker',
  freeToPull: 'after docker login dhi.io',
  shellMarker:
    'the words dev, sfw and compat in the tag; some repositories in every tag (golang, postgres, valkey ...)',
  sources: [
    'https://github.com/docker-hardened-images/catalog',
    'https://docs.docker.com/dhi/explore/available/',
    'https://docs.docker.com/dhi/how-to/use/',
  ],
  rules: [...rulesUnder('dhi\\.io/'), ...rulesUnder('docker\\.io/[a-z0-9_.-]+/dhi-').map(claimed)],
};
