import type { Family } from './family';

const BASE = 'gcr.io/distroless/base-debian13:nonroot';
const STATIC = 'gcr.io/distroless/static-debian13:nonroot';

export const UBUNTU_ROCKS: Family = {
  name: 'Ubuntu chiselled rocks',
  vendor: 'Canonical',
  freeToPull: true,
  shellMarker: 'the repository; tags carry no mark',
  sources: ['https://github.com/canonical/oci-factory'],
  rules: [
    {
      name: /^(docker\.io|public\.ecr\.aws)\/ubuntu\/(dotnet-deps|dotnet-runtime|dotnet-aspnet|jre|python|chiselled-jre|chiselled-python)$/,
      kind: 'distroless',
      reason: 'is a rock on the bare base',
    },
    {
      name: /^(docker\.io|public\.ecr\.aws)\/ubuntu\/node$/,
      kind: 'distroless',
      reason: 'is a rock of Node.js 18',
      endOfLife: '2025-04-30',
      replacement: 'gcr.io/distroless/nodejs24-debian13:nonroot',
    },
    {
      name: /^(docker\.io|public\.ecr\.aws)\/ubuntu\/(busybox|ubuntu)$/,
      kind: 'not-distroless',
      reason: 'has a shell',
      replacement: BASE,
    },
    {
      name: /^(docker\.io|public\.ecr\.aws)\/ubuntu\/[a-z0-9._-]+$/,
      kind: 'unproven',
      reason: 'is a rock of which it is not known whether it is built on the bare base',
    },
  ],
};

export const KUBERNETES: Family = {
  name: 'Kubernetes build images',
  vendor: 'Kubernetes SIG Release',
  freeToPull: true,
  shellMarker: 'the repository',
  sources: ['https://github.com/kubernetes/release/tree/master/images/build'],
  rules: [
    {
      name: /^registry\.k8s\.io\/build-image\/distroless-iptables(-[a-z0-9]+)?$/,
      kind: 'shell',
      reason: 'ships dash as /bin/sh, although it is called distroless',
      replacement: BASE,
    },
    {
      name: /^registry\.k8s\.io\/build-image\/(debian-base|debian-iptables|setcap|kube-cross)(-[a-z0-9]+)?$/,
      kind: 'not-distroless',
      reason: 'is a Debian to build with',
      replacement: BASE,
    },
    {
      name: /^registry\.k8s\.io\/pause$/,
      kind: 'distroless',
      reason: 'is one static program on scratch',
      entrypoint: ['/pause'],
    },
    {
      name: /^registry\.k8s\.io\/build-image\/go-runner(-[a-z0-9]+)?$/,
      kind: 'distroless',
      reason: 'is one program on a distroless static image',
      user: '0',
      entrypoint: ['/go-runner'],
    },
  ],
};

export const PAKETO: Family = {
  name: 'Paketo run images',
  vendor: 'Paketo Buildpacks',
  freeToPull: true,
  shellMarker: 'every repository but those that end in -tiny and -static',
  sources: ['https://github.com/paketo-buildpacks/ubuntu-noble-base-images'],
  rules: [
    {
      name: /^docker\.io\/paketobuildpacks\/(run-(bionic|jammy|noble)|ubuntu-noble-run)-(tiny|static)$/,
      kind: 'distroless',
      reason: 'is a tiny or static run image',
      user: '1002',
      entrypoint: [],
    },
    {
      name: /^docker\.io\/paketobuildpacks\/(build-.*|run-(jammy|noble)-(base|full)|ubuntu-noble-(build|run)|builder-.*)$/,
      kind: 'not-distroless',
      reason: 'is a full distribution; only the tiny and static run images are without a shell',
      replacement: 'docker.io/paketobuildpacks/ubuntu-noble-run-tiny',
    },
  ],
};

export const ZULU: Family = {
  name: 'Azul Zulu distroless',
  vendor: 'Azul',
  freeToPull: true,
  shellMarker: 'none is known',
  sources: ['https://github.com/zulu-openjdk/zulu-openjdk/tree/master/distroless'],
  rules: [
    {
      name: /^docker\.io\/azul\/zulu-openjdk-distroless$/,
      kind: 'distroless',
      reason: 'is a full JDK (with jshell) on scratch',
      user: '0',
    },
  ],
};

export const NVIDIA: Family = {
  name: 'NVIDIA distroless',
  vendor: 'NVIDIA',
  freeToPull: 'from the NGC catalogue; whether without an account is not known',
  shellMarker: 'the words dev and debug in the tag',
  sources: ['https://developer.download.nvidia.com/distroless-oss/python/index.html'],
  rules: [
    {
      name: /^nvcr\.io\/nvidia\/distroless\/(python|java|go|node|cc|static|base)$/,
      kind: 'distroless',
      reason: "is NVIDIA's fork of Google's images",
      tags: [{ tokens: ['dev', 'debug'], kind: 'shell', debugVariant: true, reason: 'is a -dev or debug variant' }],
    },
  ],
};

export const NIXERY: Family = {
  name: 'Nixery',
  vendor: 'nixery.dev',
  freeToPull: true,
  shellMarker: 'the name of a shell in the path; many other packages bring bash with them',
  sources: ['https://nixery.dev'],
  rules: [
    {
      name: /^nixery\.dev\/(.*\/)?(shell|bash|bashInteractive|bashinteractive|busybox|dash|zsh|fish|coreutils-full)(\/.*)?$/,
      kind: 'shell',
      reason: 'names a shell among its packages',
      replacement: STATIC,
    },
    {
      name: /^nixery\.dev\/.+$/,
      kind: 'unproven',
      reason: 'is composed of packages, many of which bring bash with them',
    },
  ],
};

export const BUN_AND_DENO: Family = {
  name: 'Bun and Deno',
  vendor: 'Oven, Deno Land',
  freeToPull: true,
  shellMarker: 'every tag without the word distroless',
  sources: [
    'https://github.com/oven-sh/bun/blob/main/dockerhub/distroless/Dockerfile',
    'https://github.com/denoland/deno_docker/blob/main/distroless.dockerfile',
  ],
  rules: [
    {
      name: /^docker\.io\/oven\/bun$/,
      kind: 'not-distroless',
      reason: 'has a shell in every tag without the word distroless',
      replacement: 'dhi.io/bun:1-debian13',
      tags: [
        {
          tokens: ['distroless'],
          kind: 'distroless',
          reason: "is Bun on one of Google's images",
          user: '0',
          entrypoint: ['/usr/local/bin/bun'],
        },
      ],
    },
    {
      name: /^docker\.io\/denoland\/deno$/,
      kind: 'not-distroless',
      reason: 'has a shell in every tag without the word distroless',
      replacement: 'dhi.io/deno:2-debian13',
      tags: [
        {
          tokens: ['distroless'],
          kind: 'distroless',
          reason: "is Deno on one of Google's images",
          user: '0',
          entrypoint: ['/tini', '--', '/bin/deno'],
        },
      ],
    },
  ],
};

export const RAPIDFORT: Family = {
  name: 'RapidFort',
  vendor: 'RapidFort',
  freeToPull: 'community images on Docker Hub',
  shellMarker: 'no naming convention',
  sources: ['https://github.com/rapidfort/community-images'],
  rules: [
    {
      name: /^(docker\.io|quay\.io)\/(rapidfort|rfcurated)\/.+$/,
      kind: 'unproven',
      reason: 'is a slimmed copy of an upstream image, of which the name does not tell whether it has a shell',
    },
  ],
};
