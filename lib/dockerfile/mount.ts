import { isBoolean } from './go-text';
import { RefusedDockerfile } from './refusal';

/** What `RUN --mount` makes visible while the command runs. */
export interface Mount {
  readonly type: string;
  /** Stage, context or image; '' for the main context, or for none. */
  readonly from: string;
  readonly source: string;
  readonly target: string;
}

const TYPES = new Set(['bind', 'cache', 'tmpfs', 'secret', 'ssh']);
const SHARING = new Set(['shared', 'private', 'locked']);

/** The fields of one line of CSV, as Go reads it. */
export function csvFields(text: string): string[] {
  const fields: string[] = [];
  for (let rest: string | undefined = text; rest !== undefined;) {
    const match: RegExpExecArray | null = rest.startsWith('"')
      ? /^"((?:[^"]|"")*)"(?:,|$)/.exec(rest)
      : /^([^",]*)(?:,|$)/.exec(rest);
    if (match === null) throw new RefusedDockerfile(`failed to parse csv mounts: stray quote in ${text}`);
    fields.push(rest.startsWith('"') ? match[1].replaceAll('""', '"') : match[1]);
    rest = match[0].endsWith(',') ? rest.slice(match[0].length) : undefined;
  }
  return fields;
}

/** The `from` of a mount, which is read before variables are known; '' when there is none. */
export function mountSource(mount: string): string {
  const values = csvFields(mount).flatMap((field) => /^from=(.*)$/is.exec(field)?.[1] ?? []);
  return values[values.length - 1] ?? '';
}

/** What the keys of a mount that take a value may hold. */
type Check = (value: string, settings: ReadonlyMap<string, string>) => boolean;

const only =
  (...types: string[]): Check =>
  (_value, settings) =>
    types.includes(settings.get('type') ?? 'bind');
const anything: Check = () => true;
const boolean: Check = isBoolean;
const decimal: Check = (value) => /^\d+$/.test(value) && Number(value) < 2 ** 32;
const octal: Check = (value) => /^[0-7]+$/.test(value) && parseInt(value, 8) < 2 ** 32;
const requirable = only('secret', 'ssh');

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['type', (value) => TYPES.has(value.toLowerCase())],
  ['from', anything],
  ['source', anything],
  ['target', anything],
  ['readonly', boolean],
  ['readwrite', boolean],
  ['required', (value, settings) => requirable(value, settings) && boolean(value, settings)],
  ['size', (value, settings) => only('tmpfs')(value, settings) && /^\d+(\.\d+)? ?([kmgtp]i?)?b?$/i.test(value)],
  ['id', anything],
  ['sharing', (value) => SHARING.has(value.toLowerCase())],
  ['mode', octal],
  ['uid', decimal],
  ['gid', decimal],
  ['env', only('secret')],
]);

const ALIASES: Record<string, string> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
};

/**
 * Reads a mount, its variables expanded by `expand`.
 *
 * @throws RefusedDockerfile for what BuildKit does not take
 */
export function parseMount(text: string, expand: (value: string) => string): Mount {
  const settings = new Map<string, string>();
  for (const field of csvFields(text)) readField(field, settings, expand);
  checkCombination(settings);
  return {
    type: settings.get('type') ?? 'bind',
    from: settings.get('from') ?? '',
    source: settings.get('source') ?? '',
    target: settings.get('target') ?? '',
  };
}

function readField(field: string, settings: Map<string, string>, expand: (value: string) => string): void {
  const equals = field.indexOf('=');
  const written = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
  const key = Object.hasOwn(ALIASES, written) ? ALIASES[written] : written;
  if (equals < 0) return readBareField(key, field, settings);
  const value = expand(field.slice(equals + 1));
  const check = CHECKS.get(key);
  if (check === undefined) throw new RefusedDockerfile(`unexpected key '${written}' in '${field}'`);
  if (!check(value, settings)) throw new RefusedDockerfile(`invalid value for ${written}: ${value}`);
  settings.set(key, key === 'type' || key === 'sharing' ? value.toLowerCase() : value);
}

function readBareField(key: string, field: string, settings: ReadonlyMap<string, string>): void {
  if (key === 'readonly' || key === 'readwrite') return;
  if (key === 'required' && requirable('', settings)) return;
  throw new RefusedDockerfile(`invalid field '${field}' must be a key=value pair`);
}

function checkCombination(settings: ReadonlyMap<string, string>): void {
  const type = settings.get('type') ?? 'bind';
  const given = (key: string): boolean => (settings.get(key) ?? '') !== '';
  if (type === 'bind' || type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid']) {
      if (given(key)) throw new RefusedDockerfile(`${key} not allowed for ${JSON.stringify(type)} type mounts`);
    }
  }
  if (type !== 'cache' && given('sharing')) throw new RefusedDockerfile(`invalid cache sharing set for ${type} mount`);
  if (type === 'secret') checkSecret(given);
  if (type === 'ssh' && given('source')) throw new RefusedDockerfile('ssh does not support source');
}

function checkSecret(given: (key: string) => boolean): void {
  if (given('from')) throw new RefusedDockerfile('secret mount should not have a from');
  if (!given('source') && !given('target') && !given('id')) {
    throw new RefusedDockerfile('invalid secret mount. one of source, target required');
  }
  if (given('source') && given('id')) throw new RefusedDockerfile("both source and id can't be set");
}
