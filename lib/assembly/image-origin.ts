import type { ImageOrigin } from '../policy/image-use';
import { isDeferred, readable, replaceDeferred } from './deferred';
import type { DockerAssets } from './docker-assets';
import type { Json } from './json';

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/`, account, region and suffix possibly deferred. */
const ECR_REGISTRY = /^[^/]+\.dkr\.ecr\.[^/]+\//;

/** Where an image comes from, by the value that a template has for it. */
export function originsOf(image: Json, assets: DockerAssets): readonly ImageOrigin[] {
  if (typeof image !== 'string') return [opaque(`the image is no text: ${JSON.stringify(image)}`)];
  const published = assets.publishedAs(image);
  if (published.length > 0) return published.map((asset) => asset.origin);
  return [originOfReference(image)];
}

function originOfReference(image: string): ImageOrigin {
  if (image.trim() === '') return opaque('the image is empty');
  if (image.startsWith(':')) return opaque(`the image ${image} was pushed to Lightsail by hand`);
  const registry = ECR_REGISTRY.exec(image)?.[0] ?? '';
  if (isDeferred(image.slice(registry.length))) {
    return opaque(`the image is known only at deployment: ${readable(image)}`);
  }
  return { kind: 'reference', reference: readable(withSuffix(image)) };
}

/** The registry's domain is the same in all regions but those of China. */
function withSuffix(image: string): string {
  const suffix = image.includes('.ecr.cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return replaceDeferred(image, (label) => (label === 'AWS::URLSuffix' ? suffix : undefined));
}

export function opaque(reason: string): ImageOrigin {
  return { kind: 'opaque', reason };
}
