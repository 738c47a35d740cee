import { AssemblyError } from './assembly-error';
import type { Json, JsonObject } from './json';
import { isObject, members, readJsonObject, textOf } from './json';

/** Where a nested stack hangs. */
export interface NestedIn {
  readonly scope: TemplateScope;
  readonly logicalId: string;
}

export interface TemplateScopeProps {
  /** Name of the stack, as CDK shows it. */
  readonly stack: string;
  /** The name that CloudFormation knows the stack by. */
  readonly stackName?: string;
  /** Absolute path of the template; undefined when it was rendered from constructs. */
  readonly file?: string;
  readonly template: JsonObject;
  readonly nestedIn?: NestedIn;
  /** Whether the CLI looks at the stack even when it was not asked for it: CDK pipelines want that of their Stages. */
  readonly validatedOnSynth?: boolean;
  /**
   * The construct paths of a template, by logical id, for templates that carry none themselves.
   *
   * @default - those of the template that this one is nested in
   */
  readonly constructPaths?: (file: string) => ReadonlyMap<string, string>;
}

/**
 * Reads a template, and hangs it below the resource that makes its stack, if there is one.
 *
 * @throws AssemblyError when it cannot be read
 */
export function readTemplateFile(
  file: string,
  props: Omit<TemplateScopeProps, 'template' | 'file'>,
  siblings: readonly TemplateScope[],
): TemplateScope {
  const template = readJsonObject(file);
  if (!isObject(template.Resources ?? {})) throw new AssemblyError(file, 'Resources is not an object');
  const scope = new TemplateScope({ ...props, template, file }, siblings);
  props.nestedIn?.scope.nest(props.nestedIn.logicalId, scope);
  return scope;
}

/** One template and all that the names in it mean. */
export class TemplateScope {
  /** Tells the names of one template from those of its siblings. */
  public readonly id: string;
  public readonly stack: string;
  public readonly stackName?: string;
  public readonly file?: string;
  public readonly template: JsonObject;
  public readonly nestedIn?: NestedIn;
  public readonly validatedOnSynth: boolean;
  /** The nested stacks of this one, by logical id; several where conditions choose the template. */
  public readonly nested = new Map<string, TemplateScope[]>();
  private readonly constructPaths?: (file: string) => ReadonlyMap<string, string>;
  private known?: Array<[string, JsonObject]>;

  public constructor(
    props: TemplateScopeProps,
    /** All templates of the assembly, where imported values are looked for; this one is to be added by the caller. */
    public readonly siblings: readonly TemplateScope[],
  ) {
    this.id = `t${siblings.length}`;
    this.stack = props.stack;
    this.stackName = props.stackName;
    this.file = props.file;
    this.template = props.template;
    this.nestedIn = props.nestedIn;
    this.validatedOnSynth = props.validatedOnSynth ?? false;
    this.constructPaths = props.constructPaths ?? props.nestedIn?.scope.constructPaths;
  }

  /** The template that is deployed by itself: this one, or the one that this is nested in. */
  public get root(): TemplateScope {
    return this.nestedIn?.scope.root ?? this;
  }

  /** Hangs a nested stack below the resource that makes it. */
  public nest(logicalId: string, scope: TemplateScope): void {
    this.nested.set(logicalId, [...(this.nested.get(logicalId) ?? []), scope]);
  }

  /** A member of one of the template's sections: `section('Parameters', 'Tag')`. */
  public section(name: string, member: string): Json | undefined {
    const section = this.template[name];
    return isObject(section) && Object.hasOwn(section, member) ? section[member] : undefined;
  }

  public resources(): ReadonlyArray<[string, JsonObject]> {
    return (this.known ??= members(this.template.Resources).filter((entry): entry is [string, JsonObject] =>
      isObject(entry[1]),
    ));
  }

  public constructPath(logicalId: string): string | undefined {
    const resource = this.section('Resources', logicalId);
    const metadata = isObject(resource) ? resource.Metadata : undefined;
    const stated = isObject(metadata) ? textOf(metadata['aws:cdk:path']) : undefined;
    return stated ?? this.constructPaths?.(this.file ?? '').get(logicalId);
  }
}
