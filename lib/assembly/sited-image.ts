import type { ImageOrigin, ImageUse, RunSettings } from '../policy/image-use';

/** An image in a resource, before it is said which resource that is. */
export interface SitedImage {
  readonly propertyPath: string;
  readonly container: string;
  readonly role: ImageUse['role'];
  /** More than one when it cannot be told which of them it will be. */
  readonly origins: readonly ImageOrigin[];
  readonly settings: RunSettings;
}
