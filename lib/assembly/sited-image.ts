import type { ImageOrigin, ImageUse, RunSettings } from '../policy/image-use';
import { opaque } from './image-origin';

/** An image in a resource, before it is said which resource that is. */
export interface SitedImage {
  readonly propertyPath: string;
  readonly container: string;
  readonly role: ImageUse['role'];
  /** More than one when it cannot be told which of them it will be. */
  readonly origins: readonly ImageOrigin[];
  readonly settings: RunSettings;
}

/** An image that is not in the assembly, or may be: the reason is what people get to read. */
export function unseen(propertyPath: string, reason: string, container = propertyPath): SitedImage {
  return { propertyPath, container, role: 'unknown', origins: [opaque(reason)], settings: {} };
}
