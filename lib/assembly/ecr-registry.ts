import { replaceDeferred } from './deferred';

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, or with the domain of another partition. */
const REGISTRY =
  /^(\d{12}|<AWS::AccountId>)\.dkr\.ecr(?:-fips)?\.(?:[a-z\d-]+|<AWS::Region>)\.(?:amazonaws\.(?:com|com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|<AWS::URLSuffix>)$/;

/** Whether a registry is that of an account of AWS; of which one, when a repository is called after the account. */
export function isRegistryOf(registry: string, repository: string): boolean {
  const account = REGISTRY.exec(replaceDeferred(registry, (label) => `<${label}>`))?.[1];
  const stated = /-(\d{12})-/.exec(repository)?.[1];
  return account !== undefined && (stated === undefined || account === stated || account.startsWith('<'));
}
