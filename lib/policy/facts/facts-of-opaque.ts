import type { ImageFacts } from '../image-facts';

const KNOWN_BEFORE = 'use an image asset, or a reference that is known when the app is synthesized';

/**
 * The facts of an image of which nothing can be said before it is deployed.
 *
 * @param subject what it is called where it is used
 * @param reason why nothing can be said
 * @param fix what makes something known
 */
export function factsOfOpaque(subject: string, reason: string, fix = KNOWN_BEFORE): ImageFacts {
  return { subject, proof: 'nothing', shells: [], packageManagers: [], unproven: [{ reason, trace: [], fix }] };
}
