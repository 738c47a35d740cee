import { EKS_DISTRO, LAMBDA } from './aws';
import { CHAINGUARD } from './chainguard';
import { DOCKER_HARDENED } from './docker-hardened';
import type { Family } from './family';
import { GENERAL_PURPOSE } from './general-purpose';
import { GOOGLE } from './google';
import { AZURE_LINUX, DOTNET, MICROSOFT_OPENJDK } from './microsoft';
import { RED_HAT_HARDENED, RED_HAT_UBI } from './red-hat';
import { BUN_AND_DENO, KUBERNETES, NIXERY, NVIDIA, PAKETO, RAPIDFORT, UBUNTU_ROCKS, ZULU } from './smaller-families';

/** The day on which the catalogue was true: what the repositories that build the images said then. */
export const CATALOGUE_DATE = '2026-11-23';

/** The families, in the order in which they are asked; the general-purpose images come last. */
export const CATALOGUE: readonly Family[] = [
  GOOGLE,
  CHAINGUARD,
  DOCKER_HARDENED,
  DOTNET,
  AZURE_LINUX,
  MICROSOFT_OPENJDK,
  UBUNTU_ROCKS,
  RED_HAT_HARDENED,
  RED_HAT_UBI,
  EKS_DISTRO,
  LAMBDA,
  KUBERNETES,
  PAKETO,
  ZULU,
  NVIDIA,
  NIXERY,
  BUN_AND_DENO,
  RAPIDFORT,
  GENERAL_PURPOSE,
];
