import { ACKNOWLEDGED_RULES } from './acknowledgements';
import type { Json, JsonObject } from './json';
import { isObject, members, parseJsonObject, textOfFile, textsOf } from './json';

/** Construct paths by logical id. */
type ConstructPaths = ReadonlyMap<string, string>;

const NONE: ConstructPaths = new Map();

/**
 * What CDK notes down about the constructs of a stack.
 *
 * It is large, and of most stacks says nothing that matters here. So it is taken apart only when its text mentions what is asked
 * for.
 */
export class StackMetadata {
  private parsed?: JsonObject;
  private paths?: ReadonlyMap<string, ConstructPaths>;

  private constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** Metadata that is part of a manifest. */
  public static of(metadata: Json | undefined): StackMetadata {
    const inline = new StackMetadata('', '');
    inline.parsed = isObject(metadata) ? metadata : {};
    return inline;
  }

  /** @throws AssemblyError when the file cannot be read, or was cut off */
  public static fromFile(file: string): StackMetadata {
    const metadata = new StackMetadata(file, textOfFile(file));
    if (!metadata.text.trimEnd().endsWith('}')) metadata.parse();
    return metadata;
  }

  /** The data of all entries of a type. */
  public entries(type: string): Json[] {
    if (!this.mayMention(type)) return [];
    return members(this.parse()).flatMap(([, entries]) => entriesOf(entries, type));
  }

  /** What was acknowledged at each construct: reasons by id. */
  public acknowledgedRules(): Array<[path: string, reasons: Record<string, string>]> {
    if (!this.mayMention(ACKNOWLEDGED_RULES)) return [];
    return members(this.parse()).flatMap(([path, entries]) =>
      entriesOf(entries, ACKNOWLEDGED_RULES).map((data): [string, Record<string, string>] => [
        path.replace(/^\//, ''),
        textsOf(data) ?? {},
      ]),
    );
  }

  /** Construct paths by logical id, for the stack's own template or one that is nested in it: they repeat logical ids. */
  public constructPaths(template: string, stackTemplate: string): ConstructPaths {
    this.paths ??= pathsByTemplate(this.parse(), stackTemplate);
    return this.paths.get(template) ?? NONE;
  }

  /** JSON may spell any character by its number. */
  private mayMention(type: string): boolean {
    return this.parsed !== undefined || this.text.includes(`"${type}"`) || this.text.includes('\\u');
  }

  /** What cannot be parsed is complained of once, and holds nothing. */
  private parse(): JsonObject {
    if (this.parsed) return this.parsed;
    this.parsed = {};
    return (this.parsed = parseJsonObject(this.text, this.file));
  }
}

function entriesOf(entries: Json, type: string): Json[] {
  const list = Array.isArray(entries) ? entries.filter(isObject) : [];
  return list.flatMap((entry) => (entry.type === type ? [entry.data] : []));
}

function pathsByTemplate(metadata: JsonObject, stackTemplate: string): Map<string, Map<string, string>> {
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
