import type { LayerFacts } from '../layers/layer-facts';
import { normalPlatform } from './platform-name';

/**
 * One answer for an image of several platforms: that of the platform that is asked for, else that of the worst. The platform is then left
 * open, because the machine chooses it.
 */
export function onePlatform(facts: readonly LayerFacts[], platform?: string): LayerFacts | undefined {
  const wanted = facts.filter((entry) => platform === undefined || isSame(entry.platform, platform));
  const worst =
    wanted.find(({ tools }) => tools.length > 0) ?? wanted.find(({ unproven }) => unproven.length > 0) ?? wanted.at(0);
  return worst && (wanted.length > 1 ? { ...worst, platform: '' } : worst);
}

function isSame(one: string, other: string): boolean {
  return normalPlatform(one) === normalPlatform(other);
}
