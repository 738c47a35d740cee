import { recognise } from '../bases/recognise';
import type { ImageDescription } from './analysis';

/** Working directories of builder images; those of most others are `/`. */
const WORKDIRS: Readonly<Record<string, string>> = {
  'docker.io/library/golang': '/go',
  'docker.io/library/gradle': '/home/gradle',
  'docker.io/library/php': '/var/www/html',
};

/**
 * The numeric user of .NET's images, which their Dockerfiles name `$APP_UID`.
 *
 * Source: https://github.com/dotnet/dotnet-docker, documentation/ubuntu-chiseled.md
 */
const DOTNET_ENVIRONMENT = { APP_UID: '1654' };

/** Many Dockerfiles are built on few images; the catalogue says the same of each of them every time. */
const KNOWN = new Map<string, ImageDescription>();
const MOST_KNOWN = 1000;

/** What the catalogue knows of an image by its reference. */
export function catalogued(reference: string): ImageDescription {
  const known = KNOWN.get(reference);
  if (known !== undefined) return known;
  const description = lookUp(reference);
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  KNOWN.set(reference, description);
  return description;
}

function lookUp(reference: string): ImageDescription {
  const verdict = recognise(reference);
  const name = reference.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  const env = name.startsWith('mcr.microsoft.com/dotnet/') ? DOTNET_ENVIRONMENT : undefined;
  const workdir = Object.hasOwn(WORKDIRS, name) ? WORKDIRS[name] : undefined;
  switch (verdict.kind) {
    case 'distroless':
      return { hasShell: false, user: verdict.user, entrypoint: verdict.entrypoint, onbuild: [], env, workdir };
    case 'shell':
    case 'not-distroless':
      return { hasShell: true, user: verdict.user, entrypoint: verdict.entrypoint, env, workdir };
    default:
      return {};
  }
}
