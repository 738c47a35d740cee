import type { InjectionContext, IPropertyInjector } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { DockerImageAssetProps } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { isArm } from './architecture';
import type { ContainerHardeningOptions } from './container-options';
import { containerLogs, hardenContainer } from './hardened-container';

/** What a `DistrolessBlueprint` gives to the constructs of an app. */
export interface DistrolessBlueprintOptions {
  /**
   * How containers are locked down.
   *
   * @default - the defaults of `DistrolessTaskDefinition`
   */
  readonly hardening?: ContainerHardeningOptions;

  /**
   * The architecture of images and Fargate tasks that name none.
   *
   * @default - none is set: images have that of the machine that builds them, and tasks are X86_64
   */
  readonly architecture?: ecs.CpuArchitecture;
}

/**
 * Gives CDK's own constructs our defaults, in a whole app, without a change in the code that makes them.
 *
 *     new App({ propertyInjectors: DistrolessBlueprint.propertyInjectors() });
 *
 * What a construct is given explicitly stays as it is. Constructs that hide what they make are reached as well, as those of
 * aws-ecs-patterns. Injectors see L2 constructs only: for L1 and CfnInclude there is the mixin `DistrolessHardening`.
 */
export class DistrolessBlueprint {
  /** The injectors, for `App`, `Stage`, `Stack`, or `PropertyInjectors.of(scope).add(...)`. */
  public static propertyInjectors(options: DistrolessBlueprintOptions = {}): IPropertyInjector[] {
    const { architecture, hardening } = options;
    const ofArchitecture = architecture ? [new TaskInjector(architecture), new ImageAssetInjector(architecture)] : [];
    return [new ContainerInjector(hardening ?? {}), new ServiceInjector(), new ClusterInjector(), ...ofArchitecture];
  }

  private constructor() {}
}

class ContainerInjector implements IPropertyInjector {
  public readonly constructUniqueId = ecs.ContainerDefinition.PROPERTY_INJECTION_ID;

  public constructor(private readonly hardening: ContainerHardeningOptions) {}

  public inject(props: ecs.ContainerDefinitionProps, context: InjectionContext): ecs.ContainerDefinitionProps {
    // A FireLens router runs as root and writes its configuration; a Windows task knows none of all this.
    if ('firelensConfig' in props || isWindowsTask(props.taskDefinition)) return props;
    const logging = props.logging ?? containerLogs(context.id);
    const hardened = hardenContainer(context.scope, context.id, { ...props, logging }, this.hardening);
    return { ...hardened, taskDefinition: props.taskDefinition };
  }
}

function isWindowsTask(task: ecs.TaskDefinition): boolean {
  return task.runtimePlatform?.operatingSystemFamily?.isWindows() ?? false;
}

class ServiceInjector implements IPropertyInjector {
  public readonly constructUniqueId = ecs.FargateService.PROPERTY_INJECTION_ID;

  public inject(props: ecs.FargateServiceProps): ecs.FargateServiceProps {
    return {
      ...props,
      circuitBreaker: props.circuitBreaker ?? breakerFor(props),
      minHealthyPercent: props.minHealthyPercent ?? 100,
      maxHealthyPercent: props.maxHealthyPercent ?? 200,
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      assignPublicIp: props.assignPublicIp ?? false,
    };
  }
}

/** ECS has a circuit breaker only for the deployments that it controls itself. */
function breakerFor(props: ecs.FargateServiceProps): ecs.DeploymentCircuitBreaker | undefined {
  const controller = props.deploymentController?.type ?? ecs.DeploymentControllerType.ECS;
  return controller === ecs.DeploymentControllerType.ECS ? { enable: true, rollback: true } : undefined;
}

class ClusterInjector implements IPropertyInjector {
  public readonly constructUniqueId = ecs.Cluster.PROPERTY_INJECTION_ID;

  public inject(props: (ecs.ClusterProps & { containerInsights?: boolean }) | undefined): ecs.ClusterProps {
    if (props?.containerInsights !== undefined || props?.containerInsightsV2 !== undefined) return props;
    return { ...props, containerInsightsV2: ecs.ContainerInsights.ENHANCED };
  }
}

class TaskInjector implements IPropertyInjector {
  public readonly constructUniqueId = ecs.FargateTaskDefinition.PROPERTY_INJECTION_ID;

  public constructor(private readonly architecture: ecs.CpuArchitecture) {}

  public inject(props: ecs.FargateTaskDefinitionProps | undefined): ecs.FargateTaskDefinitionProps {
    const linux = { cpuArchitecture: this.architecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX };
    return { ...props, runtimePlatform: props?.runtimePlatform ?? linux };
  }
}

class ImageAssetInjector implements IPropertyInjector {
  public readonly constructUniqueId = DockerImageAsset.PROPERTY_INJECTION_ID;

  public constructor(private readonly architecture: ecs.CpuArchitecture) {}

  public inject(props: DockerImageAssetProps): DockerImageAssetProps {
    const platform = isArm(this.architecture) ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
    return { ...props, platform: props.platform ?? platform };
  }
}
