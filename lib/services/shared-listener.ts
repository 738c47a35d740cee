import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** A place at a listener that several services share, each behind conditions of its own. */
export interface SharedListener {
  /** The listener. It and its load balancer are yours: who may reach them, certificates, access logs. */
  readonly listener: elbv2.ApplicationListener;

  /** Which requests go to the service: those that meet all of them. */
  readonly conditions: elbv2.ListenerCondition[];

  /** Rules with a lower priority are tried first, 1 to 50000. No two rules of a listener may have the same. */
  readonly priority: number;
}
