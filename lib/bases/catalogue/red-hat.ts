import type { Family } from './family';

/** https://hummingbird-project.io */
export const RED_HAT_HARDENED: Family = {
  name: 'Red Hat Hardened Images',
  vendor: 'Red Hat',
  freeToPull: true,
  shellMarker: 'the word builder in the tag',
  sources: [
    'https://docs.redhat.com/en/documentation/red_hat_hardened_images/1-latest/develop-build_custom_application_images',
    'https://hummingbird-project.io/docs/background/containers/container-image-labels',
  ],
  rules: [
    {
      name: /^(registry\.access\.redhat\.com\/hi|quay\.io\/hummingbird)\/(go|rust|swift|dotnet-sdk|bash|git|curl)$/,
      kind: 'unproven',
      reason: 'is a tool image of which it is not known whether it has a shell',
      tags: [
        { tokens: ['builder'], kind: 'shell', debugVariant: true, reason: 'is a builder variant with a shell and dnf' },
      ],
    },
    {
      name: /^(registry\.access\.redhat\.com\/hi|quay\.io\/hummingbird)\/[a-z0-9._-]+$/,
      kind: 'distroless',
      reason: 'is a hardened image without a shell and package manager',
      user: '65532',
      tags: [
        {
          tokens: ['builder'],
          kind: 'shell',
          debugVariant: true,
          reason: 'is a builder variant with a shell and dnf',
        },
      ],
    },
  ],
};

export const RED_HAT_UBI: Family = {
  name: 'Red Hat UBI',
  vendor: 'Red Hat',
  freeToPull: true,
  shellMarker: 'every tag, those of ubi-micro too',
  sources: ['https://atgreen.github.io/repl-yell/posts/ubi-micro-dev'],
  rules: [
    {
      name: /^(registry\.access\.redhat\.com|registry\.redhat\.io|docker\.io\/redhat|quay\.io)\/ubi(7|8|9|10)?(\/ubi)?-?micro$|^(registry\.access\.redhat\.com|registry\.redhat\.io|docker\.io\/redhat)\/ubi(7|8|9|10)-micro$/,
      kind: 'shell',
      reason: 'still includes bash and coreutils, although it is called distroless',
      replacement: 'registry.access.redhat.com/hi/core-runtime',
    },
    {
      name: /^(registry\.access\.redhat\.com|registry\.redhat\.io|docker\.io\/redhat|quay\.io)\/ubi(7|8|9|10)?([/-].+)?$/,
      kind: 'not-distroless',
      reason: 'is a full distribution',
      replacement: 'registry.access.redhat.com/hi/core-runtime, or the hi image of the language',
    },
  ],
};
