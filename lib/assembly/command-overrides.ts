import { isDeferred } from './deferred';
import { knownWords } from './command-words';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import { parsedDocument } from './parsed-document';

/** A command that takes the place of that of a definition. */
export interface CommandOverride {
  /** Undefined in a job of one container, and where it is not known which one it is. */
  readonly container?: string;
  /** Undefined when it is known only as the container is started. */
  readonly command?: readonly string[];
}

const UNKNOWN: CommandOverride = {};

/** Lists of containers, or one of a job, each with what it is to run; and objects that hold such lists somewhere. */
const CONTAINERS = 'containeroverrides';
const HOLDERS = new Set(['overrides', 'nodeoverrides', 'ecspropertiesoverride', 'ekspropertiesoverride']);

/**
 * The commands in what is said of starting containers, in whatever spelling a service has for it. State machines end the names of the
 * members that they work out in `.$`.
 */
export function overridesIn(value: Json | undefined): CommandOverride[] {
  const found: CommandOverride[] = [];
  eachObject(value, (object) => {
    for (const [name, overrides] of Object.entries(object)) {
      const [member] = name.toLowerCase().split('.$');
      const list = Array.isArray(overrides) ? overrides : [overrides];
      if (member === CONTAINERS) found.push(...list.flatMap(overrideOf));
      else if (HOLDERS.has(member)) found.push(...(typeof overrides === 'string' ? [UNKNOWN] : commandsIn(overrides)));
    }
  });
  return found;
}

/** The overrides in the input of a target: JSON, or a template of it with `<variables>` of the event. */
export function overridesOfInput(input: Json | undefined): CommandOverride[] {
  if (input === undefined) return [];
  const text = textOf(input);
  const document = parsedDocument(text === undefined ? input : withQuotedVariables(text));
  return document === undefined || typeof document === 'string' ? [UNKNOWN] : overridesIn(document);
}

function withQuotedVariables(template: string): string {
  return template.replace(/"(?:[^"\\]|\\.)*"|<[^<>]+>/g, (part) =>
    part.startsWith('<') ? JSON.stringify(part) : part,
  );
}

/** The containers of properties that take the place of those of a job. Lists of overrides in them are found by themselves. */
function commandsIn(properties: Json): CommandOverride[] {
  const found: CommandOverride[] = [];
  eachContainer(properties, (container) => found.push(...overrideOf(container)));
  return found;
}

function eachContainer(value: Json, take: (container: Json) => void): void {
  eachObject(value, (object) => {
    for (const [name, containers] of Object.entries(object)) {
      if (/^(?:init)?containers$/i.test(name) && Array.isArray(containers)) containers.forEach(take);
    }
  });
}

function overrideOf(override: Json): CommandOverride[] {
  if (!isObject(override)) return [UNKNOWN];
  const container = namedMember(override, 'name');
  const name = textOf(container?.value);
  return ['command', 'args'].flatMap((member) => {
    const stated = namedMember(override, member);
    if (!stated) return [];
    const words = stated.isWorkedOut ? undefined : knownWords(stated.value);
    return [{ ...(name !== undefined && !isDeferred(name) && { container: name }), command: words }];
  });
}

function namedMember(object: JsonObject, name: string): { value: Json; isWorkedOut: boolean } | undefined {
  const found = Object.keys(object).find((key) => key.toLowerCase().split('.$')[0] === name);
  return found === undefined ? undefined : { value: object[found], isWorkedOut: found.endsWith('.$') };
}

/** Every object in a document, but for what is below one that is not wanted. */
export function eachObject(
  value: Json | undefined,
  take: (object: JsonObject) => void,
  isWanted: (object: JsonObject) => boolean = () => true,
): void {
  if (isObject(value) && !isWanted(value)) return;
  if (isObject(value)) take(value);
  if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) eachObject(item, take, isWanted);
}
