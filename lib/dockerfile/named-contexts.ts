import { familiarName, fullReference, parseReference } from './image-reference';
import type { Platform } from './platform';
import { formatFullPlatform, normalisePlatform } from './platform';
import { RefusedDockerfile } from './refusal';

/** What a `--build-context name=value` puts in the place of a stage or of an image. */
export type NamedContext =
  | { readonly kind: 'scratch'; readonly name: string; readonly value: string }
  | { readonly kind: 'image'; readonly name: string; readonly value: string; readonly reference: string }
  | { readonly kind: 'directory'; readonly name: string; readonly value: string }
  /** A repository, a URL, an OCI layout: its files are not at hand. */
  | { readonly kind: 'remote'; readonly name: string; readonly value: string };

const REMOTE = /^(?:https?:\/\/|git:\/\/|git@|ssh:\/\/|github\.com\/|oci-layout:\/\/|target:|input:|local:)/;

/** The named contexts of a build. */
export class NamedContexts {
  private readonly values = new Map<string, string>();

  public constructor(contexts: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(contexts)) this.values.set(contextKey(name), value);
  }

  /** The context that stands for a stage or an image; `scratch` and `context` cannot be replaced. */
  public find(name: string, platform: Platform): NamedContext | undefined {
    if (this.values.size === 0 || /^(?:scratch|context)$/i.test(name)) return undefined;
    const reference = parseReference(name);
    if ('invalid' in reference) return undefined;
    const key = familiarName(reference);
    const value = this.values.get(`${key}::${formatFullPlatform(normalisePlatform(platform))}`) ?? this.values.get(key);
    return value === undefined ? undefined : namedContext(key, value);
  }
}

function contextKey(name: string): string {
  const [image, ...platform] = name.split('::');
  const reference = parseReference(image);
  return ['invalid' in reference ? image : familiarName(reference), ...platform].join('::');
}

function namedContext(name: string, value: string): NamedContext {
  const image = /^docker-image:(?:\/\/)?(.*)$/s.exec(value)?.[1];
  if (image === undefined) return { kind: REMOTE.test(value) ? 'remote' : 'directory', name, value };
  if (image === 'scratch') return { kind: 'scratch', name, value };
  const reference = parseReference(image);
  if ('invalid' in reference) throw new RefusedDockerfile(`build context ${name}: ${value}: ${reference.invalid}`);
  return { kind: 'image', name, value, reference: fullReference(reference) };
}
