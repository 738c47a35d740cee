import { analyseDockerfile } from '../../dockerfile/analyse';
import { readBuild } from '../../dockerfile/sources/read-build';
import type { LayerFacts } from '../../layers/layer-facts';
import type { AssetBuild } from '../../evidence/builds/asset-build';
import { factsFromDockerfile } from '../../policy/facts/facts-from-dockerfile';
import { factsFromLayers } from '../../policy/facts/facts-from-layers';
import { withLayerEvidence } from '../../policy/facts/with-layer-evidence';
import type { DistrolessPolicy } from '../../policy/distroless-policy';
import { isExcepted } from '../../policy/exceptions';
import type { Finding } from '../../policy/finding';
import type { ImageFacts } from '../../policy/image-facts';
import type { ImageUse } from '../../policy/image-use';
import { Policy } from '../../policy/policy';
import { toolViolations } from '../../policy/tool-findings';
import type { Rule, Subject, Violation } from '../../policy/rule';
import { EXPIRED_EXCEPTION } from '../../policy/rules/expired-exception';
import { PACKAGE_MANAGER } from '../../policy/rules/package-manager';
import { SHELL } from '../../policy/rules/shell';
import { UNPROVEN } from '../../policy/rules/unproven';
import { resolve } from 'node:path';

/** How an image with a gate is built, and what is demanded of it. Plain JSON. */
export interface GatedBuild extends AssetBuild {
  /** Its Dockerfile, as people know it. */
  readonly displayPath?: string;
  readonly policy?: DistrolessPolicy;
}

/**
 * What is said of an image that is to be published: what has a shell or a package manager in it, and what cannot be told to have none.
 * Errors keep it from being published.
 *
 * @param today ISO date, against which exceptions are held
 */
export function gateFindings(layers: LayerFacts, build: GatedBuild, today: string): Finding[] {
  const use = useOf(build);
  const facts = traced(layers, build);
  const policy = Policy.from(build.policy);
  // The gate looks at what is in the image, whatever its base is called; without one, no tool is left to a rule about bases.
  const subject = { use, facts: { ...facts, base: undefined }, policy, today };
  const found: Array<[Rule, readonly Violation[]]> = [
    [SHELL, toolViolations(subject, facts.shells)],
    [PACKAGE_MANAGER, toolViolations(subject, facts.packageManagers)],
    [UNPROVEN, facts.unproven.map(({ reason, path, trace }) => unproven(path ? `${reason} (${path})` : reason, trace))],
  ];
  const findings = found.flatMap(([rule, violations]) => {
    const severity = policy.severityOf(rule);
    if (severity === 'off' || isExcepted(rule.id, use, facts, policy, today)) return [];
    return violations.map((violation) => ({ rule: rule.id, severity, use, ...violation }));
  });
  return findings.length === 0 ? [] : [...findings, ...expired({ use, facts, policy, today })];
}

/** Why an image is held that was let through before. */
function expired(subject: Subject): Finding[] {
  const { use } = subject;
  const violations = EXPIRED_EXCEPTION.check(subject);
  return violations.map((violation) => ({ rule: EXPIRED_EXCEPTION.id, severity: 'error', use, ...violation }));
}

function unproven(message: string, trace: ImageFacts['unproven'][number]['trace']): Violation {
  return { message, trace, fix: 'leave it out of the image, or publish this image without a gate' };
}

/** What the layers say, with the lines of the Dockerfile that bring it, as far as they can be told. */
function traced(layers: LayerFacts, { name, directory, source, policy, displayPath }: GatedBuild): ImageFacts {
  const [subject, mirrors] = [displayPath ?? name, policy?.mirrors];
  try {
    const analysis = analyseDockerfile(
      readBuild({
        directory: resolve(directory, source.directory ?? ''),
        dockerfile: source.dockerFile ?? 'Dockerfile',
        displayPath: displayPath ?? `Dockerfile of ${name}`,
        buildArgs: source.dockerBuildArgs,
        buildContexts: source.dockerBuildContexts,
        target: source.dockerBuildTarget,
        platform: source.platform,
        environment: process.env,
      }),
    );
    return withLayerEvidence(factsFromDockerfile(analysis, { subject, mirrors }), layers);
  } catch {
    return factsFromLayers(layers);
  }
}

function useOf({ name }: AssetBuild): ImageUse {
  return {
    stack: name,
    logicalId: '',
    constructPath: name,
    resourceType: 'asset',
    propertyPath: '',
    container: name,
    role: 'unknown',
    origin: { kind: 'opaque', reason: '' },
    settings: {},
  };
}
