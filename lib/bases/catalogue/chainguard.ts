import { repositories, words, type Family, type RepositoryDetails, type TagRule } from './family';

const FREE = '(?:cgr\\.dev|docker\\.io)/chainguard/';

const DEV: TagRule = {
  tokens: ['dev'],
  kind: 'shell',
  debugVariant: true,
  reason: 'is a -dev variant: bash, busybox and apk',
};
const FULL: TagRule = {
  tokens: ['full'],
  kind: 'shell',
  reason: 'is a -full variant, made to hold what the upstream image holds, shell included',
};
const SLIM: TagRule = {
  tokens: ['slim'],
  kind: 'distroless',
  reason: 'is a -slim variant, without shells and package managers',
};

function runs(...entrypoint: string[]): RepositoryDetails {
  return { entrypoint };
}

const SHELL_FREE: Readonly<Record<string, RepositoryDetails>> = {
  apko: { entrypoint: ['/usr/bin/apko'], user: '0' },
  'aspnet-runtime': runs('/usr/bin/dotnet'),
  chainctl: runs('chainctl'),
  crane: runs('/usr/bin/crane'),
  curl: runs('/usr/bin/curl'),
  dfc: runs('/usr/bin/dfc'),
  'dfc-mcp': runs('/usr/bin/dfc-mcp-server'),
  dive: runs('dive'),
  'glibc-dynamic': runs(),
  helm: runs('/usr/bin/helm'),
  hugo: runs('/usr/bin/hugo'),
  jre: runs('/usr/bin/java'),
  kubectl: runs('/usr/bin/kubectl'),
  malcontent: runs('/usr/bin/mal'),
  melange: { entrypoint: ['/usr/bin/melange'], user: '0' },
  mongodb: runs('/usr/bin/mongod'),
  nginx: runs('/usr/sbin/nginx'),
  php: runs('/bin/php'),
  python: runs('/usr/bin/python'),
  ruby: runs('/usr/bin/ruby'),
  static: runs(),
  stunnel: runs('/usr/bin/stunnel'),
  wordpress: runs('php-fpm'),
};

/** Repositories whose plain tag has a shell: which one, and what to use instead where something fits. */
const WITH_SHELL: Readonly<Record<string, RepositoryDetails>> = {
  node: {
    reason: 'ships busybox and npm in every free tag',
    replacement: 'gcr.io/distroless/nodejs24-debian13:nonroot',
    user: '65532',
    entrypoint: ['/usr/bin/node'],
  },
  'dotnet-runtime': {
    reason: 'ships busybox in every tag, other than aspnet-runtime',
    replacement: 'cgr.dev/chainguard/aspnet-runtime',
    user: '65532',
    entrypoint: ['/usr/bin/dotnet'],
  },
  'dotnet-sdk': { replacement: 'cgr.dev/chainguard/aspnet-runtime', user: '65532' },
  go: { reason: 'is a builder image with a shell', replacement: 'cgr.dev/chainguard/static', user: '0' },
  rust: { reason: 'is a builder image with a shell', replacement: 'cgr.dev/chainguard/glibc-dynamic', user: '65532' },
  'gcc-glibc': {
    reason: 'is a builder image with a shell',
    replacement: 'cgr.dev/chainguard/glibc-dynamic',
    user: '0',
  },
  jdk: { reason: 'is a builder image with a shell', replacement: 'cgr.dev/chainguard/jre', user: '65532' },
  maven: { reason: 'is a builder image with a shell', replacement: 'cgr.dev/chainguard/jre', user: '65532' },
  gradle: { reason: 'is a builder image with a shell', replacement: 'cgr.dev/chainguard/jre', user: '65532' },
  redis: { reason: 'ships busybox in every tag', replacement: 'dhi.io/redis:8.8-debian13' },
  git: { reason: 'ships dash in every tag' },
  'wolfi-base': {
    reason: 'ships busybox and apk; it is a base to install packages on',
    replacement: 'cgr.dev/chainguard/glibc-dynamic',
    user: '0',
  },
  postgres: { reason: 'ships bash and busybox, and starts with a shell script', user: '0' },
};

const OTHERS_WITH_SHELL = words(`
  bash busybox busybox-static cinc-auditor cosign docker-dind grype haproxy hollywood k3s k3s-static ko mariadb
  min-toolkit-debug minio minio-client openscap opentelemetry-collector-contrib pytorch tomcat valkey wait-for-it
  chainguard-base`);

/** https://github.com/chainguard-images/images, from the locked package list of each image. */
export const CHAINGUARD: Family = {
  name: 'Chainguard Containers',
  vendor: 'Chainguard',
  freeToPull: 'only latest and latest-dev of cgr.dev/chainguard; every other organisation and version is paid',
  shellMarker: 'the words dev and full in the tag; some repositories in every tag (node, dotnet-runtime, redis ...)',
  sources: [
    'https://github.com/chainguard-images/images',
    'https://edu.chainguard.dev/chainguard/containers/about/images-categories/',
    'https://edu.chainguard.dev/chainguard/containers/about/differences-development-production/',
  ],
  rules: [
    {
      name: repositories(FREE, Object.keys(SHELL_FREE)),
      kind: 'distroless',
      reason: 'is one of the images that Chainguard builds without a shell',
      tags: [DEV, FULL],
      user: '65532',
      repositories: SHELL_FREE,
    },
    {
      name: repositories(FREE, [...Object.keys(WITH_SHELL), ...OTHERS_WITH_SHELL]),
      kind: 'shell',
      reason: 'ships a shell in its plain tag',
      tags: [DEV, FULL, SLIM],
      repositories: WITH_SHELL,
    },
    {
      name: /^(?:cgr\.dev|docker\.io)\/chainguard\/[a-z0-9./_-]+$/,
      kind: 'unproven',
      reason: 'is a Chainguard image of which the catalogue does not know whether it has a shell',
      tags: [DEV, FULL, SLIM],
    },
    {
      name: /^cgr\.dev\/[a-z0-9./_-]+$/,
      kind: 'unproven',
      reason: "is of an organisation's own registry, where any package can have been added",
      tags: [DEV, FULL],
    },
  ],
};
