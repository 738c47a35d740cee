import { ACKNOWLEDGED_RULES } from './acknowledgements';
import type { Json } from './json';
import { isObject, members, textsOf } from './json';

/** The data of all metadata entries of a type. */
export function metadataEntries(metadata: Json | undefined, type: string): Json[] {
  return members(metadata).flatMap(([, entries]) => entriesOf(entries, type));
}

function entriesOf(entries: Json, type: string): Json[] {
  const list = Array.isArray(entries) ? entries.filter(isObject) : [];
  return list.flatMap((entry) => (entry.type === type ? [entry.data] : []));
}

/** What was acknowledged at each construct of a stack: reasons by id. */
export function acknowledgedRules(metadata: Json | undefined): Array<[path: string, reasons: Record<string, string>]> {
  return members(metadata).flatMap(([path, entries]) =>
    entriesOf(entries, ACKNOWLEDGED_RULES).map((data): [string, Record<string, string>] => [
      path.replace(/^\//, ''),
      textsOf(data) ?? {},
    ]),
  );
}

/**
 * Construct paths by logical id, for each template of a stack: its own and those of its nested stacks, which repeat logical ids.
 */
export function constructPathsByTemplate(
  metadata: Json | undefined,
  stackTemplate: string,
): Map<string, Map<string, string>> {
  const templates = new Map(
    members(metadata).map(([path, entries]) => [path, entriesOf(entries, 'aws:cdk:templateFile')[0]]),
  );
  const found = new Map<string, Map<string, string>>();
  for (const [path, entries] of members(metadata)) {
    const [logicalId] = entriesOf(entries, 'aws:cdk:logicalId');
    if (typeof logicalId !== 'string') continue;
    const template = nearest(templates, path) ?? stackTemplate;
    const paths = found.get(template) ?? new Map<string, string>();
    if (!paths.has(logicalId)) paths.set(logicalId, path.replace(/^\//, ''));
    found.set(template, paths);
  }
  return found;
}

/** The template of the closest stack around a construct. */
function nearest(templates: ReadonlyMap<string, Json>, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const template = templates.get(at);
    if (typeof template === 'string') return template;
  }
  return undefined;
}
