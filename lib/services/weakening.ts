import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says, as a warning that can be acknowledged, that a default was weakened.
 *
 * The guard's rules see what is in the template (RootUser, WritableRoot, ExecuteCommand ...). This is for the choices that no
 * rule of theirs judges, so that none of them is silent.
 */
export function reportWeakening(construct: IConstruct, id: string, message: string): void {
  Validations.of(construct).addWarning(`Distroless::${id}`, message);
}
