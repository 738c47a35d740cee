import type { AssemblyModel } from './assembly-model';
import { everyWorld } from './choices';
import { deferredIdentity } from './deferred';
import type { Json, JsonObject } from './json';
import { textOf } from './json';
import type { TemplateScope } from './template-scope';
import { View } from './view';

/** Where something says which task definition it starts, and whether ECS Exec is on in its tasks. */
interface Starter {
  readonly taskDefinition: string;
  readonly enabled: string;
}

const STARTERS: Readonly<Record<string, readonly Starter[]>> = {
  'AWS::ECS::Service': [{ taskDefinition: 'TaskDefinition', enabled: 'EnableExecuteCommand' }],
  'AWS::ECS::Daemon': [{ taskDefinition: 'DaemonTaskDefinitionArn', enabled: 'EnableExecuteCommand' }],
  'AWS::Events::Rule': [
    { taskDefinition: 'EcsParameters.TaskDefinitionArn', enabled: 'EcsParameters.EnableExecuteCommand' },
  ],
  'AWS::Scheduler::Schedule': [
    { taskDefinition: 'Target.EcsParameters.TaskDefinitionArn', enabled: 'Target.EcsParameters.EnableExecuteCommand' },
  ],
  'AWS::Pipes::Pipe': [
    {
      taskDefinition: 'TargetParameters.EcsTaskParameters.TaskDefinitionArn',
      enabled: 'TargetParameters.EcsTaskParameters.EnableExecuteCommand',
    },
  ],
};

/** The task definitions that something of the assembly starts with ECS Exec, found across stacks. */
export class ExecuteCommandTargets {
  private readonly executes = new Map<string, boolean>();

  public constructor(model: AssemblyModel) {
    for (const scope of model.templates) {
      for (const [, resource] of scope.resources()) this.read(scope, resource);
    }
  }

  /** Whether ECS Exec is on for a task definition; undefined when nothing of the assembly starts it. */
  public includes(scope: TemplateScope, logicalId: string): boolean | undefined {
    return this.executes.get(`${scope.id}.${logicalId}`);
  }

  private read(scope: TemplateScope, resource: JsonObject): void {
    const starters = STARTERS[textOf(resource.Type) ?? ''] ?? [];
    if (starters.length === 0) return;
    everyWorld((choices) => {
      const properties = new View(resource.Properties, scope, choices);
      const targets = resource.Type === 'AWS::Events::Rule' ? properties.get('Targets').items : [properties];
      for (const starter of starters) for (const target of targets) this.note(starter, target);
    });
  }

  private note(starter: Starter, target: View): void {
    const identity = deferredIdentity(textOf(target.get(starter.taskDefinition).value) ?? '');
    if (identity === undefined) return;
    const enabled = isOn(target.get(starter.enabled).value);
    this.executes.set(identity, enabled || this.executes.get(identity) === true);
  }
}

function isOn(value: Json | undefined): boolean {
  return value === true || value === 'true';
}
