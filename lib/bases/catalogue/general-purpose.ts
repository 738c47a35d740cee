import { repositories, words, type Family, type RepositoryRule } from './family';

const BASE = 'gcr.io/distroless/base-debian13:nonroot';
const CC = 'gcr.io/distroless/cc-debian13:nonroot';
const STATIC = 'gcr.io/distroless/static-debian13:nonroot';
const JAVA = 'gcr.io/distroless/java25-debian13:nonroot';
const NODEJS = 'gcr.io/distroless/nodejs24-debian13:nonroot';
const PYTHON = 'gcr.io/distroless/python3-debian13:nonroot';

const LIBRARY = 'docker\\.io/library/';
const DISTRIBUTION = 'is a full distribution, with a shell and a package manager';
const LANGUAGE = 'is a language image on a full distribution, with a shell and a package manager';
const BUILDER = 'is a builder image: build in it, and copy the result to a distroless stage';
const SERVER = 'is a server on a full distribution, with a shell';

function official(names: string, reason: string, replacement: string): RepositoryRule {
  return { name: repositories(LIBRARY, words(names)), kind: 'not-distroless', reason, replacement };
}

function published(name: RegExp, reason: string, replacement?: string): RepositoryRule {
  return { name, kind: 'not-distroless', reason, replacement };
}

/** Images that people come from, and where to. Contents of the Docker Official Images are general knowledge. */
export const GENERAL_PURPOSE: Family = {
  name: 'general-purpose images',
  vendor: 'various',
  freeToPull: true,
  shellMarker: 'every tag',
  sources: ['https://github.com/docker-library/official-images'],
  rules: [
    official(
      'ubuntu debian',
      DISTRIBUTION,
      `${BASE} (cc-debian13 for C++ and Rust, static-debian13 for static binaries)`,
    ),
    official('alpine', DISTRIBUTION, `${STATIC} for static binaries; rebuild others for glibc on ${BASE}`),
    official('busybox bash buildpack-deps docker', 'is made to have a shell', STATIC),
    official(
      `fedora centos rockylinux almalinux oraclelinux archlinux photon clearlinux amazonlinux opensuse mageia sl alt
       clefos crux sourcemage neurodebian cirros`,
      DISTRIBUTION,
      BASE,
    ),
    published(/^docker\.io\/(opensuse|kalilinux|rockylinux|almalinux|archlinux)\/.+$/, DISTRIBUTION, BASE),
    published(
      /^public\.ecr\.aws\/amazonlinux\/amazonlinux(-minimal)?$/,
      DISTRIBUTION,
      `public.ecr.aws/eks-distro-build-tooling/eks-distro-minimal-base-glibc, or ${BASE}`,
    ),
    published(
      /^(public\.ecr\.aws\/(debian|ubuntu)\/(debian|ubuntu)|quay\.io\/(centos|fedora|rockylinux|almalinuxorg)\/.+|registry\.fedoraproject\.org\/.+)$/,
      DISTRIBUTION,
      BASE,
    ),
    official('node', LANGUAGE, `${NODEJS} (or nodejs22, nodejs26)`),
    official(
      'python pypy',
      LANGUAGE,
      `${PYTHON} for Python 3.13; dhi.io/python:3.12-debian13 and others for other versions`,
    ),
    official('golang', BUILDER, `${STATIC} with CGO_ENABLED=0, ${BASE} with cgo`),
    official('rust', BUILDER, `${CC}; ${STATIC} for musl targets`),
    official('gcc', BUILDER, CC),
    official('maven gradle groovy clojure sbt', BUILDER, JAVA),
    official(
      'eclipse-temurin openjdk amazoncorretto sapmachine ibm-semeru-runtimes ibmjava',
      LANGUAGE,
      `${JAVA} (or java17, java21), or gcr.io/distroless/java-base-debian13:nonroot with jlink`,
    ),
    published(
      /^(public\.ecr\.aws\/amazoncorretto\/amazoncorretto|docker\.io\/(amazoncorretto\/.+|bellsoft\/liberica-.+|azul\/zulu-openjdk(-alpine|-debian|-centos)?))$/,
      LANGUAGE,
      `${JAVA} (or java17, java21)`,
    ),
    official(
      'tomcat jetty open-liberty websphere-liberty tomee',
      SERVER,
      `${JAVA}, with the server embedded in the program`,
    ),
    official('ruby', LANGUAGE, 'cgr.dev/chainguard/ruby, or dhi.io/ruby:3.4-debian13'),
    official('php composer', LANGUAGE, 'cgr.dev/chainguard/php, or dhi.io/php:8.4-debian13'),
    official('perl', LANGUAGE, 'dhi.io/perl:5.42-debian13'),
    official('nginx', SERVER, 'cgr.dev/chainguard/nginx, or dhi.io/nginx:1.30-debian13'),
    published(
      /^(docker\.io\/nginxinc\/nginx-unprivileged|public\.ecr\.aws\/nginx\/(nginx|nginx-unprivileged))$/,
      SERVER,
      'cgr.dev/chainguard/nginx, or dhi.io/nginx:1.30-debian13',
    ),
    official('httpd caddy traefik haproxy', SERVER, 'dhi.io/caddy:2-debian13, or cgr.dev/chainguard/nginx'),
    official(
      'redis valkey postgres mysql mariadb mongo memcached rabbitmq elasticsearch kafka cassandra influxdb neo4j',
      SERVER,
      'the managed service of AWS; of the images, dhi.io/redis:8.8-debian13 is without a shell',
    ),
    official(
      'swift erlang elixir haskell julia r-base dart crystal nim',
      LANGUAGE,
      `a release of the program on ${CC}`,
    ),
    published(/^(docker\.io\/amazon\/aws-cli|public\.ecr\.aws\/aws-cli\/aws-cli)$/, 'is a tool image with a shell'),
    published(
      /^registry\.suse\.com\/(bci|suse)\/.+$|^registry\.opensuse\.org\/.+$/,
      'ships bash and coreutils, the micro images too',
      BASE,
    ),
    published(
      /^(docker\.io\/(bitnami|bitnamilegacy|bitnamisecure|bitnamicharts)|public\.ecr\.aws\/bitnami)\/.+$/,
      'starts with a bash script',
      'the distroless image of the same program',
    ),
    published(
      /^(ghcr\.io\/(linuxserver|home-operations)|lscr\.io\/linuxserver|docker\.io\/linuxserver)\/.+$/,
      'starts with shell scripts',
    ),
    published(/^mcr\.microsoft\.com\/(windows|powershell|devcontainers|vscode)(\/.+)?$/, 'has a shell'),
  ],
};
