import type { Json } from './json';

/** A document that a property holds as it is or as JSON text; undefined when it is neither. */
export function parsedDocument(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  if (!/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}
