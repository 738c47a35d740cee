import type { ImageUse } from '../policy/image-use';
import type { AssemblyModel } from './assembly-model';
import { carrierDocuments, carriesDocuments } from './carrier-documents';
import { everyWorld } from './choices';
import type { CommandOverride } from './command-overrides';
import { eachObject, overridesIn, overridesOfInput } from './command-overrides';
import { deferred, deferredIdentity, isDeferred } from './deferred';
import type { Json, JsonObject } from './json';
import { textOf } from './json';
import type { TemplateScope } from './template-scope';
import { View } from './view';

/** Something that starts the containers of a task or job definition. */
export interface TaskStart {
  readonly scope: TemplateScope;
  readonly logicalId: string;
  readonly resourceType: string;
  readonly propertyPath: string;
  /** What it starts, as the template has it: a reference to another resource, a name, an ARN. */
  readonly definition: string;
  /** Whether ECS Exec is on in its tasks. */
  readonly executeCommand: boolean;
  /** Commands that take the place of those of the definition. */
  readonly overrides: readonly CommandOverride[];
}

/** Where one kind of resource says what it starts. */
interface Starter {
  readonly at: string;
  readonly definition: string;
}

/** Targets take what they start with from beside it: JSON, a template for it, or a part of the event. */
const STARTERS: Readonly<Record<string, readonly Starter[]>> = {
  'AWS::ECS::Service': [{ at: '', definition: 'TaskDefinition' }],
  'AWS::ECS::TaskSet': [{ at: '', definition: 'TaskDefinition' }],
  'AWS::ECS::Daemon': [{ at: '', definition: 'DaemonTaskDefinitionArn' }],
  'AWS::Events::Rule': [
    { at: 'Targets[].EcsParameters', definition: 'TaskDefinitionArn' },
    { at: 'Targets[].BatchParameters', definition: 'JobDefinition' },
  ],
  'AWS::Scheduler::Schedule': [{ at: 'Target.EcsParameters', definition: 'TaskDefinitionArn' }],
  'AWS::Pipes::Pipe': [
    { at: 'TargetParameters.EcsTaskParameters', definition: 'TaskDefinitionArn' },
    { at: 'TargetParameters.BatchJobParameters', definition: 'JobDefinition' },
  ],
};

const INPUTS = ['Input', 'InputTransformer.InputTemplate', 'InputPath'];

/** Everything that an assembly says of starting containers. */
export function taskStarts(model: AssemblyModel): TaskStart[] {
  return model.templates.flatMap((scope) =>
    scope.resources().flatMap(([logicalId, resource]) => startsOf(scope, logicalId, resource, model)),
  );
}

function startsOf(
  scope: TemplateScope,
  logicalId: string,
  resource: JsonObject,
  { files }: AssemblyModel,
): TaskStart[] {
  const resourceType = textOf(resource.Type) ?? '';
  const starters = Object.hasOwn(STARTERS, resourceType) ? STARTERS[resourceType] : [];
  if (starters.length === 0 && !carriesDocuments(resourceType)) return [];
  const { results, complete } = everyWorld((choices) => {
    const properties = new View(resource.Properties, scope, choices);
    const documents = carrierDocuments(resourceType, properties, files);
    return [
      ...starters.flatMap((starter) => startsAt(starter, properties)),
      ...documents.flatMap(({ path, content }) => startsIn(path, content)),
    ];
  });
  const found = complete ? results.flat() : [...results.flat(), UNDECIDABLE];
  const starts = found.map((start): TaskStart => ({ ...start, scope, logicalId, resourceType }));
  return [...new Map(starts.map((start) => [JSON.stringify({ ...start, scope: '' }), start])).values()];
}

type Start = Omit<TaskStart, 'scope' | 'logicalId' | 'resourceType'>;

const UNDECIDABLE: Start = {
  propertyPath: 'Properties',
  definition: deferred('depends on more conditions and parameters than can be looked at in every combination'),
  executeCommand: false,
  overrides: [],
};

function startsAt({ at, definition }: Starter, properties: View): Start[] {
  const places = at === '' ? [{ path: '', view: properties }] : properties.find(at);
  return places.flatMap(({ path, view }) => {
    const value = typeof view.top === 'string' ? view.top : view.get(definition).value;
    if (value === undefined) return [];
    const inputs = at === '' ? [] : INPUTS.flatMap((name) => overridesOfInput(view.parent?.get(name).value));
    return [
      {
        propertyPath: path === '' ? definition : `${path}.${definition}`,
        definition: text(value),
        executeCommand: isOn(view.get('EnableExecuteCommand').value),
        overrides: at === '' ? [] : [...overridesIn(view.value), ...inputs],
      },
    ];
  });
}

const DEFINITION_MEMBER = /^(?:task|job)Definition(?:\.\$)?$/i;

/** The states and calls of a document that run tasks or submit jobs. */
function startsIn(propertyPath: string, document: Json | undefined): Start[] {
  const found: Start[] = [];
  const take = (object: JsonObject) => {
    const member = Object.keys(object).find((name) => DEFINITION_MEMBER.test(name));
    if (member === undefined) return;
    const executeCommand = isOn(object.EnableExecuteCommand ?? object.enableExecuteCommand);
    found.push({ propertyPath, definition: text(object[member]), executeCommand, overrides: overridesIn(object) });
  };
  eachObject(document, take, (object) => !isLookingOnly(object));
  return found;
}

/** Calls that start nothing, by what state machines, custom resources and automations say that they call. */
const LOOKS_ONLY = /(?:^|:)(?:describe|list|get|deregister|delete|stop|tag|untag)[a-z]*(?:\.\w+)?$/i;

function isLookingOnly({ Resource, action, Api }: JsonObject): boolean {
  return [Resource, action, Api].some((called) => LOOKS_ONLY.test(textOf(called) ?? ''));
}

function isOn(value: Json | undefined): boolean {
  return value === true || value === 'true';
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The definitions of an assembly, and who starts them. */
export class TaskDefinitions {
  private readonly executes = new Map<string, boolean>();
  private readonly byName = new Map<string, string>();
  private readonly places = new Map<string, string>();

  public constructor(
    model: AssemblyModel,
    private readonly starts: readonly TaskStart[],
  ) {
    for (const scope of starts.length > 0 ? model.templates : []) {
      for (const [logicalId, resource] of scope.resources()) this.note(scope, logicalId, resource);
    }
    for (const start of starts) {
      const identity = this.identityOf(start);
      if (identity) this.executes.set(identity, start.executeCommand || this.executes.get(identity) === true);
    }
  }

  /** Whether ECS Exec is on for a task definition; undefined when nothing of the assembly starts it. */
  public executesCommands(scope: TemplateScope, logicalId: string): boolean | undefined {
    return this.executes.get(`${scope.id}.${logicalId}`);
  }

  /** Who starts something that is not in the assembly, and so runs images that nobody sees. */
  public startsOfOthers(): TaskStart[] {
    return this.starts.filter((start) => this.identityOf(start) === undefined);
  }

  /** The definition that is started, as `scope id.logical id`; undefined when it is not in the assembly. */
  public identityOf({ definition }: TaskStart): string | undefined {
    const identity = deferredIdentity(definition);
    if (identity !== undefined && this.byName.has(identity)) return identity;
    return this.byName.get(nameIn(definition));
  }

  /** Whether a use is part of a definition. */
  public includes(identity: string, { templateFile, stack, logicalId }: ImageUse): boolean {
    return this.places.get(identity) === placeOf(templateFile ?? stack, logicalId);
  }

  private note(scope: TemplateScope, logicalId: string, resource: JsonObject): void {
    const type = textOf(resource.Type) ?? '';
    if (!Object.hasOwn(NAMES, type)) return;
    const identity = `${scope.id}.${logicalId}`;
    this.byName.set(identity, identity);
    this.places.set(identity, placeOf(scope.file ?? scope.stack, logicalId));
    everyWorld((choices) => {
      const name = new View(resource.Properties, scope, choices).get(NAMES[type]).value;
      if (typeof name === 'string' && !isDeferred(name)) this.byName.set(name, identity);
    });
  }
}

function placeOf(template: string, logicalId: string): string {
  return `${template}#${logicalId}`;
}

const NAMES: Readonly<Record<string, string>> = {
  'AWS::ECS::TaskDefinition': 'Family',
  'AWS::ECS::DaemonTaskDefinition': 'Family',
  'AWS::Batch::JobDefinition': 'JobDefinitionName',
};

/** The name in an ARN. One that states a revision is of a definition that was deployed before this one. */
function nameIn(definition: string): string {
  return definition.replace(/^.*:(?:task|job)-definition\//, '');
}
