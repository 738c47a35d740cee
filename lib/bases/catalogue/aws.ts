import type { Family } from './family';

const HOME = 'public\\.ecr\\.aws/eks-distro-build-tooling/';

/** https://github.com/aws/eks-distro-build-tooling */
export const EKS_DISTRO: Family = {
  name: 'EKS Distro minimal',
  vendor: 'AWS',
  freeToPull: true,
  shellMarker: 'the repository: -csi, -git, -kind, -nginx, -python, every compiler and builder',
  sources: ['https://github.com/aws/eks-distro-build-tooling/tree/main/eks-distro-base'],
  rules: [
    {
      name: new RegExp(
        `^${HOME}eks-distro-minimal-base(-nonroot|-glibc|-iptables|-csi-ebs|-docker-client|-haproxy|-nsenter|-nodejs)?$`,
      ),
      kind: 'distroless',
      reason: 'is a minimal base whose file list has no shell',
      user: '0',
      entrypoint: [],
      tags: [{ tokens: ['yum', 'gcc'], kind: 'shell', reason: 'is a variant to compile in, with a shell' }],
      repositories: {
        'eks-distro-minimal-base-nonroot': { user: '65532' },
        'eks-distro-minimal-base-nodejs': {
          endOfLife: '2023-09-11',
          replacement: 'gcr.io/distroless/nodejs24-debian13:nonroot',
        },
      },
    },
    {
      name: new RegExp(`^${HOME}.+$`),
      kind: 'shell',
      reason: 'ships bash',
      replacement: 'public.ecr.aws/eks-distro-build-tooling/eks-distro-minimal-base-glibc',
    },
  ],
};

/** https://github.com/aws/aws-lambda-base-images */
export const LAMBDA: Family = {
  name: 'AWS Lambda base images',
  vendor: 'AWS',
  freeToPull: true,
  shellMarker: 'every tag',
  sources: ['https://docs.aws.amazon.com/lambda/latest/dg/images-create.html'],
  rules: [
    {
      name: /^(public\.ecr\.aws\/lambda\/.+|docker\.io\/amazon\/aws-lambda-.+)$/,
      kind: 'not-distroless',
      reason: 'ships bash and a package manager, and starts with a shell script',
      replacement: "a distroless base with the language's runtime interface client copied onto it",
      entrypoint: ['/lambda-entrypoint.sh'],
    },
  ],
};
