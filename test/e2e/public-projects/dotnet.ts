import { DotnetImage } from '../../../lib';
import { DOTNET_OBSTACLE } from '../stand-ins/dotnet/dotnet-sdk';
import type { PublicProject } from './public-project';
import { sourceDateEpoch } from './public-project';

const client = 'mcr.microsoft.com/dotnet/sdk:10.0-noble';

export const DOTNET_PROJECTS: readonly PublicProject[] = [
  {
    name: 'aspnet-starter',
    obstacle: DOTNET_OBSTACLE,
    client,
    // The settings for starting it on a developer's machine have random ports in them.
    fetch: ['dotnet new web --no-restore --exclude-launch-settings --name app --output . > /dev/null'],
    integrity: '437fe52fdc7d4e33443638d00a7ee6cf7c8f74fdefeee135bf16cf6435c9ff50',
    image: (stack, name, directory) => new DotnetImage(stack, name, { directory, sourceDateEpoch }),
    path: '/',
    answer: 'Hello World!',
  },
];
