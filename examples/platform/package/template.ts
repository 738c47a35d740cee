import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as ManagedSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { DistrolessImage, DistrolessTaskOptions } from '../../../lib';
import type { Foundation } from './foundation';

/** How much a task gets. */
export const SIZES = {
  small: { cpu: 256, memoryLimitMiB: 512 },
  medium: { cpu: 512, memoryLimitMiB: 1024 },
  large: { cpu: 1024, memoryLimitMiB: 2048 },
} as const;

/** What all templates take. What is not here is decided by the platform. */
export interface TemplateProps {
  readonly foundation: Foundation;
  readonly image: DistrolessImage;

  /** @default 'small' */
  readonly size?: keyof typeof SIZES;

  /**
   * Environment variables. Not for secrets.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Environment variables from Secrets Manager, by the name of the secret.
   *
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What the templates make of that for our constructs. */
export function taskOptions(scope: Construct, props: TemplateProps): DistrolessTaskOptions {
  const { image, environment, secrets = {}, size = 'small' } = props;
  const managed = Object.entries(secrets).map(([variable, name]) => {
    return [variable, Secret.fromSecretsManager(ManagedSecret.fromSecretNameV2(scope, variable, name))] as const;
  });
  return { image, environment, secrets: Object.fromEntries(managed), ...SIZES[size] };
}
