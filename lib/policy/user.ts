import type { ConfigFact, ImageFacts } from './image-facts';
import type { ImageUse } from './image-use';

/** Lambda runs every function as a user of its own, whatever the image says. */
const OWN_USER = /^AWS::(Lambda|Serverless)::Function$/;

/** Whom a container runs as, and who said so; undefined when nobody knows, or nothing can be chosen. */
export function runsAs(use: ImageUse, facts: ImageFacts): ConfigFact<string> | undefined {
  if (OWN_USER.test(use.resourceType)) return { value: 'sandbox', trace: [] };
  const stated = use.settings.user;
  return stated === undefined ? facts.user : { value: stated, trace: [] };
}

/**
 * Whether a user is root: `root`, uid 0 in any spelling that Docker reads as a number, or nobody at all.
 *
 * @param user as in a USER instruction: `name`, `uid`, `name:group`, `uid:gid`
 */
export function isRoot(user: string): boolean {
  const [name] = user.trim().split(':');
  return name === '' || name === 'root' || /^[+-]?0+$/.test(name);
}
