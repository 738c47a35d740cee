import type { Construct } from 'constructs';
import { DistrolessBase } from '../bases/distroless-base';
import { Expiry } from './expiry';
import { reportWeakening } from './weakening';

/** Why an image may be built on the debug variant of its base, and until when. */
export interface DebugVariantOptions {
  /** Why: a ticket, an incident. */
  readonly reason: string;

  /** The last day, as `YYYY-MM-DD` (UTC). Synthesis with the context key fails from the day after. */
  readonly expires: string;
}

/**
 * The debug variant of a base, for the one deployment in which it is needed.
 *
 *     const base = DebugVariant.of(this, DistrolessBase.STATIC, { reason: 'INFRA-1234', expires: '2026-12-31' });
 *
 * Without the context key `cdk-distroless:debug-variants` that is the base itself, so the code may stay when the incident is over:
 * `cdk deploy -c cdk-distroless:debug-variants=true`. With it, the guard's rule `DebugVariant` finds each use.
 *
 * Prefer `DebugSidecar`, which leaves the app's image as it is in production.
 */
export class DebugVariant {
  /** The context key that has to be `true`. */
  public static readonly CONTEXT_KEY = 'cdk-distroless:debug-variants';

  /**
   * The debug variant where the context allows it, else the base.
   *
   * @throws when the context allows it and the base has no debug variant
   */
  public static of(scope: Construct, base: DistrolessBase, options: DebugVariantOptions): DistrolessBase {
    const expiry = new Expiry(options.expires, `the debug variant of ${base.reference} (${options.reason})`);
    if (`${scope.node.tryGetContext(DebugVariant.CONTEXT_KEY)}` !== 'true') return base;
    scope.node.addValidation({ validate: () => expiry.problems() });
    const reference = debugReference(base);
    reportWeakening(
      scope,
      'DebugVariant',
      `${reference} has a shell; allowed until ${options.expires}: ${options.reason}`,
    );
    const { runtime, runtimeVersion, user, entrypoint, libc, release, architectures, endOfLife } = base;
    return DistrolessBase.custom(reference, {
      runtime,
      runtimeVersion,
      user,
      entrypoint,
      libc,
      release,
      architectures,
      endOfLife,
    });
  }

  private constructor() {}
}

/** Google's images have a debug variant under the same name: with busybox in /busybox, and otherwise the same. */
function debugReference(base: DistrolessBase): string {
  const debug = base.reference.replace(/:nonroot$/, ':debug-nonroot');
  if (base.family === 'Google distroless' && debug !== base.reference) return debug;
  throw new Error(`${base.reference} has no debug variant that is known; use a DebugSidecar`);
}
