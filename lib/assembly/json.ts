import { readFileSync } from 'node:fs';
import { AssemblyError } from './assembly-error';

/** What a JSON file can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of an object; none when the value is something else. */
export function members(value: Json | undefined): Array<[string, Json]> {
  return isObject(value) ? Object.entries(value) : [];
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The members of an object as texts, undefined when there are none. */
export function textsOf(value: Json | undefined): Record<string, string> | undefined {
  const texts = members(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]);
  return texts.length > 0 ? (Object.fromEntries(texts) as Record<string, string>) : undefined;
}

/**
 * Reads a JSON file that has an object at its root.
 *
 * @throws AssemblyError when it cannot be read, is not JSON, or holds something else
 */
export function readJsonObject(file: string): JsonObject {
  return parseJsonObject(textOfFile(file), file);
}

/** @throws AssemblyError when the file cannot be read */
export function textOfFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AssemblyError(file, (error as Error).message);
  }
}

/** @throws AssemblyError when the text of a file is no JSON, or has something else than an object at its root */
export function parseJsonObject(text: string, file: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new AssemblyError(file, (error as Error).message);
  }
  if (!isObject(value)) throw new AssemblyError(file, 'expected a JSON object');
  if (!isShallow(value)) throw new AssemblyError(file, `is nested deeper than ${DEEPEST} levels`);
  return value;
}

/** Deeper than any template that CloudFormation takes; what walks a document must not run out of stack. */
const DEEPEST = 500;

/** Whether a document can be walked. */
export function isShallow(value: Json, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isShallow(item, levels - 1));
  for (const key in value) if (!isShallow(value[key], levels - 1)) return false;
  return true;
}
