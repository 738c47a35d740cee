import type { IResolveContext } from 'aws-cdk-lib';
import { Lazy, Mixin } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import type { ContainerHardeningOptions } from './container-options';
import { hardenRendered, isWindows } from './rendered-container';

/**
 * Hardens task definitions that others make, whether by L2, pattern, L1 or CfnInclude.
 *
 * What they set stays as it is, and is judged by the guard; what they leave open gets the defaults of `DistrolessTaskDefinition`.
 * Containers that are added later are hardened too. FireLens routers and Windows tasks are left alone, as they cannot run so.
 *
 *     Mixins.of(stack).apply(new DistrolessHardening());                       // what is there now
 *     Aspects.of(app).add(Shims.asAspect(new DistrolessHardening()));          // and what comes later
 */
export class DistrolessHardening extends Mixin {
  public constructor(private readonly options: ContainerHardeningOptions = {}) {
    super();
  }

  public override supports(construct: IConstruct): boolean {
    return ecs.CfnTaskDefinition.isCfnTaskDefinition(construct);
  }

  public applyTo(construct: IConstruct): void {
    const task = construct as ecs.CfnTaskDefinition;
    const original = task.containerDefinitions;
    task.containerDefinitions = Lazy.uncachedAny({
      produce: (context) => {
        const containers = resolved<ecs.CfnTaskDefinition.ContainerDefinitionProperty[]>(context, original);
        const platform = resolved<ecs.CfnTaskDefinition.RuntimePlatformProperty>(context, task.runtimePlatform);
        return isWindows(platform)
          ? containers
          : containers?.map((container) => hardenRendered(container, this.options));
      },
    });
  }
}

function resolved<T>(context: IResolveContext, value: unknown): T | undefined {
  return context.resolve(value) as T | undefined;
}
