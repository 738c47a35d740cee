import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CATALOGUE, CATALOGUE_DATE } from '../../lib/bases/catalogue/catalogue';
import { recognise } from '../../lib/bases/recognise';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** The smallest reference that makes each point, and the answer. */
const VERDICTS: Record<string, readonly string[]> = {
  distroless: [
    'scratch',
    'gcr.io/distroless/static',
    'gcr.io/distroless/static-debian13:nonroot',
    'gcr.io/distroless/nodejs24-debian13:nonroot-arm64',
    'gcr.io/distroless/python3-debian13:nonroot-0123456789abcdef0123456789abcdef01234567',
    'gcr.io/distroless/python3-debian12',
    'gcr.io/distroless/nodejs:16',
    'gcr.io/distroless/base-debian11',
    'cgr.dev/chainguard/python',
    'cgr.dev/chainguard/static:latest-glibc',
    'docker.io/chainguard/nginx:latest',
    'chainguard/nginx',
    'cgr.dev/chainguard/node:24-slim',
    'dhi.io/node:24-debian13',
    'dhi.io/static:20250419-debian13',
    'dhi.io/nginx:1.30-debian13',
    'dhi.io/dotnet:10-debian13',
    'dhi.io/erlang-otp:29-alpine3.22',
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
    'mcr.microsoft.com/dotnet/runtime-deps:10.0-azurelinux3.0-distroless-extra',
    'mcr.microsoft.com/dotnet/nightly/runtime:11.0-preview-resolute-chiseled',
    'mcr.microsoft.com/dotnet/monitor:9',
    'mcr.microsoft.com/azurelinux/distroless/base:3.0',
    'mcr.microsoft.com/openjdk/jdk:25-distroless',
    'ubuntu/python:3.12-24.04_stable',
    'public.ecr.aws/ubuntu/jre:21-24.04_stable',
    'registry.access.redhat.com/hi/python:3.14-fips',
    'quay.io/hummingbird/nodejs',
    'public.ecr.aws/eks-distro-build-tooling/eks-distro-minimal-base-glibc:2026-08-14-1.2023',
    'registry.k8s.io/pause:3.10',
    'registry.k8s.io/build-image/go-runner:v2.4.0-go1.24.0-bookworm.0',
    'paketobuildpacks/ubuntu-noble-run-tiny',
    'azul/zulu-openjdk-distroless:21',
    'nvcr.io/nvidia/distroless/python:3.13-v4.0.1',
    'oven/bun:1-distroless',
    'denoland/deno:distroless',
  ],
  shell: [
    'gcr.io/distroless/static:debug',
    'gcr.io/distroless/nodejs24-debian13:debug-nonroot',
    'gcr.io/distroless/nodejs24-debian13:debug-nonroot-arm64',
    'gcr.io/distroless/python3-debian11:nonroot',
    'gcr.io/distroless/python2.7-debian10',
    'gcr.io/distroless/nodejs:16-debug',
    `gcr.io/distroless/base:debug@${DIGEST}`,
    `gcr.io/distroless/python3-debian11@${DIGEST}`,
    'cgr.dev/chainguard/node:latest',
    'cgr.dev/chainguard/dotnet-runtime',
    'docker.io/chainguard/wolfi-base',
    'cgr.dev/chainguard/python:latest-dev',
    'cgr.dev/acme.com/python:3.13-dev',
    'dhi.io/golang:1.26',
    'dhi.io/node:24-debian13-dev',
    'dhi.io/node:24-debian13-sfw-ent-dev',
    'dhi.io/python:3.13-debian13-compat',
    'dhi.io/nginx:1.30-alpine3.22',
    'dhi.io/dotnet:10-sdk',
    'dhi.io/erlang-otp:29-debian13',
    'dhi.io/sapmachine:26',
    'dhi.io/maven:3',
    'docker.io/acme/dhi-golang:1.26',
    'mcr.microsoft.com/azurelinux/distroless/debug:3.0',
    'mcr.microsoft.com/azurelinux/distroless/python:3.12-debug-nonroot',
    'registry.access.redhat.com/hi/python:3.14-builder',
    'quay.io/hummingbird/go:latest-builder',
    'registry.access.redhat.com/ubi9/ubi-micro',
    'registry.access.redhat.com/ubi9-micro:latest',
    'public.ecr.aws/eks-distro-build-tooling/eks-distro-minimal-base-python:2026-08-14-1.2023',
    'registry.k8s.io/build-image/distroless-iptables:v0.8.14',
    'nvcr.io/nvidia/distroless/python:3.13-v4.0.1-dev',
    'nixery.dev/shell/git',
  ],
  'not-distroless': [
    'ubuntu',
    'debian:trixie-slim',
    'alpine',
    'busybox:1.37',
    'node:24-slim',
    'public.ecr.aws/docker/library/node:24',
    'python:3.13-slim',
    'golang:1.26',
    'eclipse-temurin:25-jre',
    'mcr.microsoft.com/dotnet/aspnet:10.0',
    'mcr.microsoft.com/dotnet/runtime:10.0-alpine3.24-extra',
    `mcr.microsoft.com/dotnet/aspnet:10.0@${DIGEST}`,
    'mcr.microsoft.com/dotnet/sdk:10.0-noble',
    'mcr.microsoft.com/openjdk/jdk:25-ubuntu',
    'mcr.microsoft.com/azurelinux/base/core:3.0',
    'registry.access.redhat.com/ubi9/ubi-minimal',
    'registry.access.redhat.com/ubi10',
    'public.ecr.aws/lambda/nodejs:24',
    'public.ecr.aws/amazonlinux/amazonlinux:2023-minimal',
    'bitnami/redis',
    'registry.suse.com/bci/bci-micro:15.7',
    'oven/bun:1',
    'nginx:1.29',
    'postgres:18',
    `node@${DIGEST}`,
  ],
  unproven: [
    `gcr.io/distroless/base-debian13@${DIGEST}`,
    `gcr.io/distroless/base-debian13:nonroot@${DIGEST}`,
    `gcr.io/distroless/base:update-available-${'0'.repeat(64)}`,
    `gcr.io/distroless/base:deprecated-public-image-${'0'.repeat(64)}`,
    `mcr.microsoft.com/dotnet/aspnet@${DIGEST}`,
    `mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled@${DIGEST}`,
    `cgr.dev/chainguard/python@${DIGEST}`,
    `dhi.io/node:24-debian13@${DIGEST}`,
    'cgr.dev/chainguard/laravel',
    'cgr.dev/acme.com/python:3.13',
    'docker.io/acme/dhi-node:24-debian13',
    'dhi.io/something-new:1',
    'ubuntu/nginx:1.24',
    'quay.io/hummingbird/go',
    'nixery.dev/git',
    'docker.io/rapidfort/nginx',
    'mcr.microsoft.com/azurelinux/distroless/nodejs:24',
  ],
  unknown: [
    'gcr.io/distroless/nodejs:20',
    'gcr.io/distroless/does-not-exist',
    'gcr.io/distroless-evil/static:nonroot',
    'evil.io/gcr.io/distroless/static',
    'gcr.io.evil.com/distroless/static',
    'cgr.dev.evil.com/chainguard/static',
    'acme/node:24',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1',
    'not a reference',
    'scratch:latest',
  ],
};

const CASES = Object.entries(VERDICTS).flatMap(([kind, list]) => list.map((reference) => [reference, kind] as const));

describe('recognising a base from its reference', () => {
  test.each(CASES)('%s is %s', (reference, kind) => {
    expect(recognise(reference)).toMatchObject({ kind, given: reference });
  });

  test.each([
    ['gcr.io/distroless/static:debug', 'gcr.io/distroless/static:nonroot'],
    ['gcr.io/distroless/static:debug-nonroot-arm64', 'gcr.io/distroless/static:nonroot-arm64'],
    ['cgr.dev/chainguard/python:latest-dev', 'cgr.dev/chainguard/python:latest'],
    ['dhi.io/node:24-debian13-sfw-dev', 'dhi.io/node:24-debian13'],
    ['registry.access.redhat.com/hi/python:3.14-builder', 'registry.access.redhat.com/hi/python:3.14'],
  ])('%s is a debug variant of %s', (reference, replacement) => {
    expect(recognise(reference)).toMatchObject({ debugVariant: true, replacement });
  });

  test.each([
    ['gcr.io/distroless/static-debian13', '0'],
    ['gcr.io/distroless/static-debian13:nonroot', '65532'],
    ['gcr.io/distroless/static-debian13:nonroot-arm64', '65532'],
    ['gcr.io/distroless/static-debian13:debug', '0'],
    [`gcr.io/distroless/static-debian13:nonroot@${DIGEST}`, undefined],
    ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', '1654'],
    ['mcr.microsoft.com/openjdk/jdk:25-distroless', '0'],
    ['dhi.io/node:24-debian13', '1000'],
    ['cgr.dev/chainguard/python', '65532'],
    ['scratch', '0'],
    ['node:24', undefined],
  ])('%s runs as %s', (reference, user) => {
    expect(recognise(reference).user).toBe(user);
  });

  test.each([
    ['gcr.io/distroless/nodejs24-debian13:nonroot', ['/nodejs/bin/node']],
    ['gcr.io/distroless/java21:nonroot', ['/usr/bin/java', '-jar']],
    ['gcr.io/distroless/python3-debian13:nonroot', ['/usr/bin/python3.13']],
    ['gcr.io/distroless/static-debian13', []],
    ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', ['/usr/bin/dotnet']],
    ['mcr.microsoft.com/dotnet/aspnet:10.0', []],
    ['mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled', []],
    ['cgr.dev/chainguard/jre', ['/usr/bin/java']],
  ])('%s has the entrypoint %j', (reference, entrypoint) => {
    expect(recognise(reference).entrypoint).toEqual(entrypoint);
  });

  test.each([
    ['gcr.io/distroless/static-debian12', '2026-09-01'],
    ['gcr.io/distroless/nodejs20-debian12:nonroot', '2026-02-27'],
    ['gcr.io/distroless/python3-debian12', '2026-05-12'],
    ['gcr.io/distroless/base-debian11', '2024-09-03'],
    ['gcr.io/distroless/nodejs22-debian13', '2027-04-30'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled', '2026-11-10'],
    ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', '2028-11-14'],
    ['ubuntu/node:18-24.04_stable', '2025-04-30'],
    ['gcr.io/distroless/static-debian13', undefined],
  ])('%s gets security updates until %s', (reference, endOfLife) => {
    expect(recognise(reference).endOfLife).toBe(endOfLife);
  });

  test('sees through a declared mirror', () => {
    const mirrors = { 'gcr.io/distroless': '123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless' };
    expect(recognise('123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless/cc:debug', { mirrors })).toMatchObject({
      kind: 'shell',
      debugVariant: true,
      reference: 'gcr.io/distroless/cc:debug',
    });
    const evil = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless-evil/cc:nonroot';
    expect(recognise(evil, { mirrors }).kind).toBe('unknown');
  });

  test('every base that is not distroless and has one comes with a replacement that is distroless', () => {
    for (const reference of [
      'node:24',
      'alpine',
      'golang:1',
      'maven:3',
      'nginx',
      'ruby',
      'dhi.io/golang',
      'oven/bun',
    ]) {
      const replacement = recognise(reference).replacement?.split(/[ ,;]/)[0] ?? '';
      expect([reference, recognise(replacement).kind]).toEqual([reference, 'distroless']);
    }
  });
});

describe('the catalogue', () => {
  test('says when it was true', () => {
    expect(CATALOGUE_DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test('anchors every name expression', () => {
    const loose = CATALOGUE.flatMap((family) => family.rules)
      .map((rule) => rule.name.source)
      .filter((source) => !source.startsWith('^') || !source.endsWith('$'));
    expect(loose).toEqual([]);
  });

  test('has dates that are dates', () => {
    const dates = CATALOGUE.flatMap((family) => family.rules)
      .flatMap((rule) => [rule, ...(rule.tags ?? []), ...Object.values(rule.repositories ?? {})])
      .flatMap(({ endOfLife }) => (endOfLife === undefined ? [] : [endOfLife]));
    expect(dates.filter((date) => new Date(date).toISOString().slice(0, 10) !== date)).toEqual([]);
  });

  test('names every family once', () => {
    const names = CATALOGUE.map((family) => family.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

const REFERENCE = resolve(
  process.env.DISTROLESS_SHARED ?? resolve(__dirname, '../../../shared'),
  'reference/catalogue.json',
);
const describeWithReference = existsSync(REFERENCE) ? describe : describe.skip;

interface CollectedFamily {
  readonly family: string;
  readonly images: ReadonlyArray<{ name: string; tags: string[]; shellTags: string[]; status: string }>;
}

describeWithReference('the catalogue against the collected facts (skipped without them)', () => {
  test('never calls distroless what was seen with a shell', () => {
    const families = existsSync(REFERENCE) ? (JSON.parse(readFileSync(REFERENCE, 'utf8')) as CollectedFamily[]) : [];
    const references = families
      .flatMap((family) => family.images)
      .flatMap(({ name, shellTags, tags }) =>
        shellTags
          .flatMap((tag) => (tag === '*' || tag === 'ALL' ? tags.filter((t) => /^\w[\w.-]*$/.test(t)) : [tag]))
          .map((tag) => `${name}:${tag}`),
      )
      .filter((reference) => /^[a-z0-9./:_-]+$/.test(reference));
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => recognise(reference).kind === 'distroless')).toEqual([]);
  });
});
