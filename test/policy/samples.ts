import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import type { DistrolessPolicy } from '../../lib/policy/distroless-policy';
import { evaluate } from '../../lib/policy/evaluate';
import { factsFromDockerfile } from '../../lib/policy/facts/facts-from-dockerfile';
import { factsFromReference } from '../../lib/policy/facts/facts-from-reference';
import type { Finding } from '../../lib/policy/finding';
import type { ImageFacts, ToolFact } from '../../lib/policy/image-facts';
import type { ImageUse, RunSettings } from '../../lib/policy/image-use';
import { Policy } from '../../lib/policy/policy';

export const TODAY = '2026-11-23';
export const DIGEST = `sha256:${'ab'.repeat(32)}`;
export const FILE = 'services/web/Dockerfile';

/** A container of a task that does everything right. */
export const GOOD_SETTINGS: RunSettings = {
  user: '65532:65532',
  readonlyRootFilesystem: true,
  platform: 'linux/amd64',
};

/** A use of an image in a task definition, by settings that break no rule. */
export function useWith(settings: Partial<RunSettings> = {}, changes: Partial<ImageUse> = {}): ImageUse {
  return {
    stack: 'Web',
    logicalId: 'TaskDef1234',
    constructPath: 'Web/TaskDef/Resource',
    resourceType: 'AWS::ECS::TaskDefinition',
    propertyPath: 'ContainerDefinitions[0].Image',
    container: 'web',
    role: 'service',
    origin: { kind: 'dockerfile', assetId: 'a', directory: '/a', dockerfile: 'Dockerfile', displayPath: FILE },
    settings: { ...GOOD_SETTINGS, ...settings },
    ...changes,
  };
}

/** The facts of a Dockerfile, by its text. */
export function built(text: string, options: Partial<Parameters<typeof factsFromDockerfile>[1]> = {}): ImageFacts {
  const analysis = analyseDockerfile({ text, file: FILE, platform: options.platform });
  return factsFromDockerfile(analysis, { subject: FILE, ...options });
}

/** The facts of an image that is run by its reference. */
export function referred(reference: string): ImageFacts {
  return factsFromReference(reference);
}

/** The facts of an image that nothing is wrong with. */
export const GOOD_FACTS = built(`FROM gcr.io/distroless/nodejs24-debian13:nonroot@${DIGEST}\nCMD ["server.js"]\n`, {
  evidence: () => layersOf({ user: '65532', entrypoint: ['/nodejs/bin/node'] }),
});

/** Facts with a tool that an instruction brings. */
export function withTool(tool: Partial<ToolFact>, category: 'shells' | 'packageManagers' = 'shells'): ImageFacts {
  const trace = [
    { file: FILE, line: 9, text: 'COPY --from=tools /bin/busybox /bin/sh' },
    { file: FILE, line: 1, text: 'FROM busybox:1.37 AS tools' },
  ];
  return { ...GOOD_FACTS, [category]: [{ kind: 'busybox', path: '/bin/sh', by: 'source-image', trace, ...tool }] };
}

/** Facts of layers, those of an empty image unless told otherwise. */
export function layersOf(changes: Partial<LayerFacts> = {}): LayerFacts {
  return {
    subject: 'app.tar',
    platform: 'linux/amd64',
    layers: [],
    tools: [],
    unproven: [],
    user: '65532',
    entrypoint: [],
    cmd: [],
    env: [],
    workdir: '/',
    onbuild: [],
    labels: {},
    sizeBytes: 1,
    ...changes,
  };
}

export function findingsOf(
  use: ImageUse,
  facts: ImageFacts,
  policy: DistrolessPolicy = {},
  today = TODAY,
): readonly Finding[] {
  return evaluate(use, facts, Policy.from(policy), today);
}

/** What one rule says, of all that is said. */
export function messagesOf(
  rule: string,
  use: ImageUse,
  facts: ImageFacts,
  policy: DistrolessPolicy = {},
  today = TODAY,
): readonly string[] {
  return findingsOf(use, facts, policy, today)
    .filter((finding) => finding.rule === rule)
    .map((finding) => finding.message);
}

/** The rules that object, each once. */
export function rulesThatObject(use: ImageUse, facts: ImageFacts, policy: DistrolessPolicy = {}): readonly string[] {
  return [...new Set(findingsOf(use, facts, policy).map((finding) => finding.rule))];
}
