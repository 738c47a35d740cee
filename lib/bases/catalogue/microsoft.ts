import type { Family, RepositoryRule, TagRule } from './family';

const ASPNET = 'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled';

/** https://dotnet.microsoft.com/platform/support/policy */
const DOTNET_END_OF_LIFE: ReadonlyArray<readonly [major: number, date: string]> = [
  [6, '2024-11-12'],
  [7, '2024-05-14'],
  [8, '2026-11-10'],
  [9, '2026-11-10'],
  [10, '2028-11-14'],
];

function dotnetTags(image: string): readonly TagRule[] {
  const distroless = {
    kind: 'distroless',
    reason: 'is a chiselled or distroless .NET image',
    user: '1654',
    entrypoint: image === 'runtime-deps' ? [] : ['/usr/bin/dotnet'],
  } as const;
  const dated = DOTNET_END_OF_LIFE.map(([major, endOfLife]) => ({
    ...distroless,
    pattern: new RegExp(`^${major}\\.[\\w.]+(-.+)?-(chiseled|distroless)(-|$)`),
    endOfLife,
    replacement: `mcr.microsoft.com/dotnet/${image}:10.0-noble-chiseled`,
  }));
  return [...dated, { ...distroless, tokens: ['chiseled', 'distroless'] }];
}

function dotnet(image: string): RepositoryRule {
  return {
    name: new RegExp(`^mcr\\.microsoft\\.com/dotnet/(nightly/)?${image}$`),
    kind: 'not-distroless',
    reason: 'is a full distribution; only tags with the word chiseled or distroless are without a shell',
    tags: dotnetTags(image),
    replacement: `mcr.microsoft.com/dotnet/${image}:10.0-noble-chiseled`,
    user: '0',
    entrypoint: [],
  };
}

/** https://github.com/dotnet/dotnet-docker */
export const DOTNET: Family = {
  name: '.NET chiselled',
  vendor: 'Microsoft',
  freeToPull: true,
  shellMarker: 'every tag without the word chiseled or distroless; -extra alone is no sign',
  sources: [
    'https://github.com/dotnet/dotnet-docker/blob/main/documentation/distroless.md',
    'https://dotnet.microsoft.com/platform/support/policy',
  ],
  rules: [
    ...['runtime-deps', 'runtime', 'aspnet'].map(dotnet),
    {
      name: /^mcr\.microsoft\.com\/dotnet\/(nightly\/)?monitor(\/base)?$/,
      kind: 'distroless',
      reason: 'is distroless in every tag',
      user: '1654',
      entrypoint: ['dotnet-monitor'],
    },
    {
      name: /^mcr\.microsoft\.com\/dotnet\/((nightly\/)?sdk|framework\/.+)$/,
      kind: 'not-distroless',
      reason: 'is a builder image; there is no distroless SDK',
      replacement: ASPNET,
      user: '0',
    },
  ],
};

/** https://github.com/microsoft/azurelinux */
export const AZURE_LINUX: Family = {
  name: 'Azure Linux distroless',
  vendor: 'Microsoft',
  freeToPull: true,
  shellMarker: 'the repository distroless/debug; the word debug in the tag of python and nodejs',
  sources: ['https://github.com/microsoft/azurelinux/tree/3.0/toolkit/imageconfigs'],
  rules: [
    {
      name: /^mcr\.microsoft\.com\/(azurelinux|cbl-mariner)\/distroless\/debug$/,
      kind: 'shell',
      reason: 'is the base image with busybox, in every tag',
      tags: [
        { pattern: /^/, kind: 'shell', debugVariant: true, reason: 'is the base image with busybox, in every tag' },
      ],
      replacement: 'mcr.microsoft.com/azurelinux/distroless/base:3.0',
    },
    {
      name: /^mcr\.microsoft\.com\/(azurelinux|cbl-mariner)\/distroless\/nodejs$/,
      kind: 'unproven',
      reason: 'lists npm, and whether it has a shell is not known',
      replacement: 'gcr.io/distroless/nodejs24-debian13:nonroot',
    },
    {
      name: /^mcr\.microsoft\.com\/(azurelinux|cbl-mariner)\/distroless\/(minimal|base|python|java[a-z0-9]*)$/,
      kind: 'distroless',
      reason: 'is one of the distroless images of Azure Linux',
      tags: [{ tokens: ['debug'], kind: 'shell', debugVariant: true, reason: 'is a debug variant with busybox' }],
      user: '0',
      users: { nonroot: '65532' },
    },
    {
      name: /^mcr\.microsoft\.com\/(azurelinux|cbl-mariner|azurelinux-beta)\/base\/.+$/,
      kind: 'not-distroless',
      reason: 'is a full distribution with bash and tdnf',
      replacement: 'mcr.microsoft.com/azurelinux/distroless/base:3.0',
    },
  ],
};

/** https://github.com/microsoft/openjdk-docker */
export const MICROSOFT_OPENJDK: Family = {
  name: 'Microsoft Build of OpenJDK',
  vendor: 'Microsoft',
  freeToPull: true,
  shellMarker: 'every tag without the word distroless',
  sources: ['https://github.com/microsoft/openjdk-docker'],
  rules: [
    {
      name: /^mcr\.microsoft\.com\/openjdk\/jdk$/,
      kind: 'not-distroless',
      reason: 'is a full distribution; only tags with the word distroless are without a shell',
      replacement: 'gcr.io/distroless/java25-debian13:nonroot',
      tags: [
        {
          tokens: ['distroless'],
          kind: 'distroless',
          reason: 'is a full JDK (with jshell) on the distroless base of Azure Linux',
          user: '0',
          entrypoint: ['/usr/jdk/bin/java'],
        },
      ],
    },
  ],
};
