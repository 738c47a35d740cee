import type { IAspect } from 'aws-cdk-lib';
import { Stage } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { IConstruct } from 'constructs';
import { gateAsset, isGated } from '../images/gate/gated-asset';
import { mirrorsOf } from '../images/mirrors';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import { Policy } from '../policy/policy';

/**
 * A gate before the registry: `cdk deploy` and `cdk publish-assets` look into each image after they have built it, and stop before they
 * publish one that has a shell or a package manager.
 *
 * ```ts
 * Aspects.of(app).add(new PublishGate());
 * ```
 *
 * It is put before every `DockerImageAsset` of what it is applied to, whoever defines it; images of this library have a prop `gate` too.
 * The exceptions of a policy count, by patterns for the image's base, its Dockerfile or the path of its asset; those for containers, and
 * what is acknowledged at them, do not, for an image is published whoever runs it.
 *
 * An image that the registry has already is not built, and so not looked into. CDK does not carry aspects into Stages: apply it to
 * each of them.
 */
export class PublishGate implements IAspect {
  private readonly seen = new WeakSet<IConstruct>();

  /**
   * @param policy What is demanded of images: of it the exceptions, severities and mirrors count.
   * @throws Error when the policy is not in order.
   */
  public constructor(private readonly policy: DistrolessPolicy = {}) {
    Policy.from(policy);
  }

  /** Puts a gate before an asset. */
  public visit(node: IConstruct): void {
    if (node instanceof DockerImageAsset && !this.seen.has(node)) {
      this.seen.add(node);
      gateAsset(node, { ...this.policy, mirrors: mirrorsOf(node, this.policy) });
    }
    for (const child of node.node.children) if (Stage.isStage(child)) assertGated(child);
  }
}

/** A Stage is written before the aspects of what is around it come to it: what has no gate by then will have none. */
function assertGated(stage: Stage): void {
  const open = stage.node.findAll().find((construct) => construct instanceof DockerImageAsset && !isGated(construct));
  if (!open) return;
  throw new Error(
    `${stage.node.path}: CDK does not carry the PublishGate of ${stage.node.scope?.node.path || 'the app'} into this Stage, and ` +
      `${open.node.path} has none; add Aspects.of(stage).add(new PublishGate()) for it`,
  );
}
