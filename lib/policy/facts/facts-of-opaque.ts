import type { ImageFacts } from '../image-facts';

/**
 * The facts of an image of which nothing can be said before it is deployed.
 *
 * @param subject what it is called where it is used
 * @param reason why nothing can be said
 */
export function factsOfOpaque(subject: string, reason: string): ImageFacts {
  const fix = 'use an image asset, or a reference that is known when the app is synthesized';
  return { subject, proof: 'nothing', shells: [], packageManagers: [], unproven: [{ reason, trace: [], fix }] };
}
