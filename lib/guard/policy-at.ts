import type { IConstruct } from 'constructs';
import { mirrorsOf } from '../images/mirrors';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import { Policy } from '../policy/policy';

/** A policy that was found in order, with the mirrors that the app declares for all images where it names none itself. */
export function policyAt(scope: IConstruct, policy: DistrolessPolicy): Policy {
  return Policy.from({ ...policy, mirrors: mirrorsOf(scope, policy) });
}
