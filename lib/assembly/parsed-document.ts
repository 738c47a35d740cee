import type { Json } from './json';
import { isShallow } from './json';

/** A document that a property holds as it is or as JSON text; undefined when it is neither, or too deep. */
export function parsedDocument(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  if (!/^\s*[[{]/.test(value)) return undefined;
  try {
    const document = JSON.parse(value) as Json;
    return isShallow(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
