import type { BroughtTool } from '../analysis';
import { isWithin } from './path-pattern';

export interface ManagerHome {
  /** Name of the image, whatever its registry. */
  readonly image: RegExp;
  readonly kind: string;
  /** Where the manager lies, for somebody who copies a path. */
  readonly paths: (copied: string) => readonly string[];
}

/**
 * Where the official images of languages keep the package manager, which is a directory rather than a command.
 *
 * Sources: https://github.com/nodejs/docker-node, https://github.com/docker-library/python
 */
const MANAGER_HOMES: readonly ManagerHome[] = [
  {
    image: /(?:^|\/)node(?:[:@]|$)/,
    kind: 'npm',
    paths: () => ['/usr/local/bin/npm', '/usr/local/lib/node_modules/npm'],
  },
  {
    image: /(?:^|\/)python(?:[:@]|$)/,
    kind: 'pip',
    paths: (copied) => {
      const library = /^\/usr\/local\/lib\/python3\.\d+/.exec(copied)?.[0] ?? '/usr/local/lib/python3';
      return ['/usr/local/bin/pip', `${library}/site-packages/pip`];
    },
  },
];

/** Where the manager of an image lies; undefined for images of which nothing is known. */
export function managerHome(reference: string): ManagerHome | undefined {
  return MANAGER_HOMES.find(({ image }) => image.test(reference));
}

/** The package manager that comes along when a path is copied out of an image of a language. */
export function managerAt(home: ManagerHome | undefined, copied: string): BroughtTool | undefined {
  const path = home?.paths(copied).find((candidate) => isWithin(candidate, copied) || isWithin(copied, candidate));
  if (home === undefined || path === undefined) return undefined;
  return { category: 'package-manager', kind: home.kind, path, by: 'source-image' };
}
