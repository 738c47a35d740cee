import { AssemblyError } from './assembly-error';
import type { AssemblyProblem } from './assembly-model';
import { everyWorld } from './choices';
import { readable } from './deferred';
import type { JsonObject } from './json';
import { isObject, textOf } from './json';
import { parsedDocument } from './parsed-document';
import { readTemplateFile, TemplateScope } from './template-scope';
import { View } from './view';

/** Resources that make stacks, and where they name or hold the templates. */
const STACK_MAKERS: Readonly<Record<string, { readonly url: string; readonly body?: string }>> = {
  'AWS::CloudFormation::Stack': { url: 'TemplateURL' },
  'AWS::CloudFormation::StackSet': { url: 'TemplateURL', body: 'TemplateBody' },
  'AWS::ServiceCatalog::CloudFormationProduct': { url: 'ProvisioningArtifactParameters[].Info.LoadTemplateFromURL' },
};

/** What nested templates are looked for in. */
export interface TemplateStore {
  /** All templates; those that are found are added. */
  readonly templates: TemplateScope[];
  readonly problems: AssemblyProblem[];
  /** Absolute path of each file asset, by hash. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads the templates of nested stacks, and of those nested in them, and hangs them below the resources that make them. */
export function attachNestedStacks(store: TemplateStore): void {
  // Grows as it is walked: the nested templates of nested templates are read in the same pass.
  for (const scope of store.templates) {
    for (const [logicalId, resource] of scope.resources()) {
      const type = textOf(resource.Type) ?? '';
      if (Object.hasOwn(STACK_MAKERS, type)) {
        new Attachment(store, scope, logicalId, resource).attach(STACK_MAKERS[type]);
      }
    }
  }
}

/** The templates of one resource. */
class Attachment {
  private readonly constructPath: string | undefined;

  public constructor(
    private readonly store: TemplateStore,
    private readonly scope: TemplateScope,
    private readonly logicalId: string,
    private readonly resource: JsonObject,
  ) {
    this.constructPath = scope.constructPath(logicalId);
  }

  public attach({ url, body }: { readonly url: string; readonly body?: string }): void {
    const texts = (path: string) => new Set(this.values(path));
    const isKnown = this.scope.nested.has(this.logicalId);
    for (const text of texts(url)) if (!isKnown || !isOfConstruct(text, this.fileOf(text))) this.attachFile(text);
    for (const text of body ? texts(body) : []) this.attachBody(text);
  }

  private values(path: string): string[] {
    const { results, complete } = everyWorld((choices) =>
      new View(this.resource.Properties, this.scope, choices).find(path).map(({ view }) => view.value),
    );
    if (!complete) this.complain(`which template ${this.logicalId} has depends on too many conditions and parameters`);
    return results.flat().map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  }

  private attachFile(url: string): void {
    const file = this.fileOf(url);
    if (file !== undefined && ancestry(this.scope).some((ancestor) => ancestor.file === file)) {
      return this.complain(`the nested stack ${this.logicalId} contains itself`, file);
    }
    if (file !== undefined) return this.readFile(file);
    this.complain(`the template of the nested stack ${this.logicalId} is not in this assembly: ${readable(url)}`);
  }

  private readFile(file: string): void {
    const { templates, problems } = this.store;
    const place = this.place();
    try {
      templates.push(readTemplateFile(file, place, templates));
    } catch (error) {
      if (!(error instanceof AssemblyError)) throw error;
      problems.push({ stack: place.stack, file, reason: error.reason });
    }
  }

  private attachBody(body: string): void {
    const template = parsedDocument(body);
    if (!isObject(template)) {
      return this.complain(`the template in ${this.logicalId} is no JSON: ${readable(body).trim().slice(0, 60)}`);
    }
    const { templates } = this.store;
    templates.push(new TemplateScope({ ...this.place(), template, file: this.scope.file }, templates));
  }

  /** By the hash in the URL; legacy stacks have it in the names of parameters. What the resource's metadata says nobody checks. */
  private fileOf(url: string): string | undefined {
    return this.store.files.get(HASH.exec(url)?.[0] ?? '');
  }

  private place() {
    const { scope, logicalId } = this;
    return { stack: `${scope.stack}/${nestedName(this.constructPath) ?? logicalId}`, nestedIn: { scope, logicalId } };
  }

  private complain(reason: string, file = this.scope.file ?? ''): void {
    const { logicalId, constructPath } = this;
    this.store.problems.push({ stack: this.scope.stack, file, reason, logicalId, constructPath });
  }
}

const HASH = /[0-9a-f]{64}/;

/** Before an assembly is written, CDK does not know the URLs of its nested stacks; it has their files of the time before. */
function isOfConstruct(url: string, file: string | undefined): boolean {
  return url === '<unresolved>' || (file?.endsWith('.nested.template.json') ?? false);
}

/** The resource of a nested stack `N` is `N.NestedStack/N.NestedStackResource`. */
function nestedName(constructPath: string | undefined): string | undefined {
  return constructPath?.match(/([^/]+)\.NestedStack\/[^/]+$/)?.[1];
}

function ancestry(scope: TemplateScope): TemplateScope[] {
  return scope.nestedIn ? [scope, ...ancestry(scope.nestedIn.scope)] : [scope];
}
