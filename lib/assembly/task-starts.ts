import type { ImageUse } from '../policy/image-use';
import type { AssemblyModel } from './assembly-model';
import { everyWorld } from './choices';
import { deferredIdentity, isDeferred } from './deferred';
import type { Json, JsonObject } from './json';
import { isObject, textOf } from './json';
import { parsedDocument } from './parsed-document';
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

export interface CommandOverride {
  /** Undefined in a job of one container. */
  readonly container?: string;
  readonly command: readonly string[];
}

/** Where one kind of resource says what it starts; `document` is a property that holds JSON with more of it. */
interface Starter {
  readonly at: string;
  readonly definition: string;
  readonly document?: string;
}

const STARTERS: Readonly<Record<string, readonly Starter[]>> = {
  'AWS::ECS::Service': [{ at: '', definition: 'TaskDefinition' }],
  'AWS::ECS::TaskSet': [{ at: '', definition: 'TaskDefinition' }],
  'AWS::ECS::Daemon': [{ at: '', definition: 'DaemonTaskDefinitionArn' }],
  'AWS::Events::Rule': [
    { at: 'Targets[].EcsParameters', definition: 'TaskDefinitionArn', document: 'Input' },
    { at: 'Targets[].BatchParameters', definition: 'JobDefinition', document: 'Input' },
  ],
  'AWS::Scheduler::Schedule': [{ at: 'Target.EcsParameters', definition: 'TaskDefinitionArn', document: 'Input' }],
  'AWS::Pipes::Pipe': [
    { at: 'TargetParameters.EcsTaskParameters', definition: 'TaskDefinitionArn' },
    { at: 'TargetParameters.BatchJobParameters', definition: 'JobDefinition' },
  ],
};

/** Everything that an assembly says of starting containers. */
export function taskStarts(model: AssemblyModel): TaskStart[] {
  return model.templates.flatMap((scope) =>
    scope.resources().flatMap(([logicalId, resource]) => startsOf(scope, logicalId, resource)),
  );
}

function startsOf(scope: TemplateScope, logicalId: string, resource: JsonObject): TaskStart[] {
  const resourceType = textOf(resource.Type) ?? '';
  const isStateMachine = resourceType === 'AWS::StepFunctions::StateMachine';
  const starters = STARTERS[resourceType] ?? [];
  if (starters.length === 0 && !isStateMachine) return [];
  const { results } = everyWorld((choices) => {
    const properties = new View(resource.Properties, scope, choices);
    const found = isStateMachine ? statesOf(properties) : starters.flatMap((starter) => startsAt(starter, properties));
    return found.map((start): TaskStart => ({ ...start, scope, logicalId, resourceType }));
  });
  return [...new Map(results.flat().map((start) => [JSON.stringify({ ...start, scope: '' }), start])).values()];
}

type Start = Omit<TaskStart, 'scope' | 'logicalId' | 'resourceType'>;

function startsAt({ at, definition, document }: Starter, properties: View): Start[] {
  const places = at === '' ? [{ path: '', view: properties }] : properties.find(at);
  return places.flatMap(({ path, view }) => {
    const value = view.get(definition).value;
    if (value === undefined) return [];
    const target = at === '' ? undefined : view.parent;
    const input = document ? parsedDocument(target?.get(document).value) : undefined;
    return [
      {
        propertyPath: path === '' ? definition : `${path}.${definition}`,
        definition: text(value),
        executeCommand: isOn(view.get('EnableExecuteCommand').value),
        overrides: [...overridesIn(view.value), ...overridesIn(input)],
      },
    ];
  });
}

const STATE_MACHINE_DOCUMENTS = ['DefinitionString', 'Definition'];

/** The states of a state machine that run tasks or submit jobs. */
function statesOf(properties: View): Start[] {
  return STATE_MACHINE_DOCUMENTS.flatMap((name) => {
    const found: Start[] = [];
    eachObject(parsedDocument(properties.get(name).value), (state) => {
      const definition = state.TaskDefinition ?? state.JobDefinition;
      if (definition === undefined) return;
      const executeCommand = isOn(state.EnableExecuteCommand);
      found.push({ propertyPath: name, definition: text(definition), executeCommand, overrides: overridesIn(state) });
    });
    return found;
  });
}

function eachObject(value: Json | undefined, take: (object: JsonObject) => void): void {
  if (isObject(value)) take(value);
  if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) eachObject(item, take);
}

/** `ContainerOverrides`, in whatever spelling a service has for it: a list with names for tasks, one object for jobs. */
function overridesIn(value: Json | undefined): CommandOverride[] {
  const found: CommandOverride[] = [];
  eachObject(value, (object) => {
    for (const [name, overrides] of Object.entries(object)) {
      if (name.toLowerCase() !== 'containeroverrides') continue;
      for (const override of Array.isArray(overrides) ? overrides : [overrides]) found.push(...commandOf(override));
    }
  });
  return found;
}

function commandOf(override: Json): CommandOverride[] {
  if (!isObject(override)) return [];
  const command = override.Command ?? override.command;
  if (!Array.isArray(command)) return [];
  const words = command.filter((word) => typeof word === 'string');
  return [{ container: textOf(override.Name ?? override.name), command: words }];
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
    const nameProperty = NAMES[textOf(resource.Type) ?? ''];
    if (nameProperty === undefined) return;
    const identity = `${scope.id}.${logicalId}`;
    this.byName.set(identity, identity);
    this.places.set(identity, placeOf(scope.file ?? scope.stack, logicalId));
    everyWorld((choices) => {
      const name = new View(resource.Properties, scope, choices).get(nameProperty).value;
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
