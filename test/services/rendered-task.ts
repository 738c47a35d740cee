import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** What the tests look at in a container of a rendered task definition. */
export interface RenderedContainer {
  readonly Name: string;
  readonly User?: string;
  readonly Privileged?: boolean;
  readonly ReadonlyRootFilesystem?: boolean;
  readonly VersionConsistency?: string;
  readonly PortMappings: ReadonlyArray<{ readonly ContainerPort: number }>;
  readonly LogConfiguration: { readonly LogDriver: string };
  readonly HealthCheck: { readonly Command: string[] };
  readonly LinuxParameters: {
    readonly Capabilities: { readonly Add?: string[]; readonly Drop?: string[] };
    readonly InitProcessEnabled: boolean;
    readonly Tmpfs: ReadonlyArray<{ readonly Size: number }>;
  };
}

/** The properties of a rendered task definition. */
export interface RenderedTask {
  readonly ContainerDefinitions: RenderedContainer[];
  readonly RuntimePlatform: { readonly CpuArchitecture: string };
}

/** The first task definition of a stack. */
export function renderedTask(stack: Stack): RenderedTask {
  const resources = Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition');
  return (Object.values(resources)[0] as { Properties: RenderedTask }).Properties;
}
