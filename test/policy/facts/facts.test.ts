import { factsFromDockerfile } from '../../../lib/policy/facts/facts-from-dockerfile';
import { factsFromLayers } from '../../../lib/policy/facts/facts-from-layers';
import { factsFromReference } from '../../../lib/policy/facts/facts-from-reference';
import { withLayerEvidence } from '../../../lib/policy/facts/with-layer-evidence';
import { analyseDockerfile } from '../../../lib/dockerfile/analyse';
import type { DockerfileAnalysis, Introduction } from '../../../lib/dockerfile/analysis';
import { built, DIGEST, FILE, layersOf } from '../samples';

const STATIC = 'gcr.io/distroless/static-debian13:nonroot';
const COPY = { file: FILE, line: 2, text: 'COPY --from=tools /bin/busybox /bin/sh' };

function withIntroduction(introduction: Partial<Introduction>): DockerfileAnalysis {
  const analysis = analyseDockerfile({ text: `FROM ${STATIC}\n`, file: FILE });
  const brought: Introduction = {
    instruction: 'COPY',
    subject: '/bin/busybox from stage tools (docker.io/library/busybox:1.37)',
    trace: [COPY],
    verdict: 'violation',
    tools: [{ category: 'shell', kind: 'busybox', path: '/bin/sh', by: 'source-image' }],
    ...introduction,
  };
  return { ...analysis, introductions: [brought] };
}

describe('facts from a reference', () => {
  test('are what the name tells, and rest on nothing else', () => {
    expect(factsFromReference(`${STATIC}@${DIGEST}`)).toMatchObject({
      subject: `${STATIC}@${DIGEST}`,
      proof: 'reference',
      base: { digest: DIGEST, verdict: { kind: 'unproven' }, trace: [] },
      shells: [],
      entrypoint: { value: { argv: [] }, inherited: true },
    });
  });
});

describe('facts from a Dockerfile', () => {
  test('take from the base what the Dockerfile leaves open', () => {
    const facts = built('FROM gcr.io/distroless/nodejs24-debian13:nonroot\nCMD ["a.js"]\n');
    expect(facts.user).toMatchObject({ value: '65532', inherited: true, trace: [{ line: 1 }] });
    expect(facts.entrypoint).toMatchObject({ value: { argv: ['/nodejs/bin/node'] }, inherited: true });
    expect(facts.cmd).toMatchObject({ value: { argv: ['a.js'] }, trace: [{ line: 2 }] });
    expect(facts.cmd?.inherited).toBeUndefined();
  });

  test('take nothing from the base that the Dockerfile takes away', () => {
    expect(built('FROM gcr.io/distroless/nodejs24-debian13:nonroot\nENTRYPOINT []\n').entrypoint).toBeUndefined();
    const evidence = () => layersOf({ entrypoint: ['/a'], cmd: ['b'] });
    expect(built('FROM x.io/a\nENTRYPOINT ["/c"]\n', { evidence }).cmd).toBeUndefined();
    expect(built('FROM x.io/a\nCMD []\n', { evidence }).cmd?.value.argv).toEqual([]);
    expect(built('FROM x.io/a\n', { evidence }).cmd?.value.argv).toEqual(['b']);
  });

  test('hold the tools that instructions bring, each with its trace and what brings it', () => {
    const facts = factsFromDockerfile(withIntroduction({}), { subject: FILE });
    expect(facts.shells).toEqual([
      {
        kind: 'busybox',
        path: '/bin/sh',
        by: 'source-image',
        trace: [COPY],
        because: '/bin/busybox from stage tools (docker.io/library/busybox:1.37)',
      },
    ]);
    expect(facts.packageManagers).toEqual([]);
  });

  test('hold as unproven what an instruction may bring, and violations that name no tool', () => {
    const unproven = withIntroduction({ verdict: 'unproven', reason: 'a whole file system', tools: [] });
    expect(factsFromDockerfile(unproven, { subject: FILE }).unproven).toMatchObject([
      { reason: 'a whole file system', trace: [COPY], fix: expect.stringContaining('copy named files') },
    ]);
    const nameless = withIntroduction({ reason: 'RUN needs a shell', tools: [] });
    expect(factsFromDockerfile(nameless, { subject: FILE }).unproven).toMatchObject([
      { reason: 'RUN needs a shell', trace: [COPY] },
    ]);
  });

  test('hold nothing of an instruction that is in order', () => {
    const facts = factsFromDockerfile(withIntroduction({ verdict: 'ok' }), { subject: FILE });
    expect([facts.shells, facts.unproven]).toEqual([[], []]);
  });

  test('say why the base is not known', () => {
    const analysis = analyseDockerfile({
      text: 'FROM base\n',
      file: FILE,
      buildContexts: { base: 'some/directory' },
    });
    const facts = factsFromDockerfile(analysis, { subject: FILE });
    expect(facts.base).toBeUndefined();
    expect(facts.unproven[0].reason).toContain('takes the place of the base');
  });

  test('know the platform only when the build was told, or the Dockerfile says so', () => {
    expect(built(`FROM ${STATIC}`).platform).toBeUndefined();
    expect(built(`FROM ${STATIC}`, { platform: 'linux/arm64' }).platform).toBe('linux/arm64');
    expect(built(`FROM ${STATIC}`, { platform: 'linux/amd64' }).platform).toBe('linux/amd64');
  });

  test('rest on the layers of the base where these are known', () => {
    const tools = [
      {
        category: 'shell',
        kind: 'busybox',
        path: '/busybox/sh',
        by: 'content',
        trace: [{ layer: 0, path: 'busybox/sh' }],
      },
    ] as const;
    const unproven = [{ reason: 'packed executable', path: '/opt/x' }];
    const evidence = () => layersOf({ tools, unproven, user: '0', entrypoint: ['/busybox/sh'] });
    const facts = built(`FROM ${STATIC}`, { evidence });
    expect(facts.base?.inspected).toBe(true);
    expect(facts.user?.value).toBe('0');
    expect(facts.shells).toMatchObject([{ path: '/busybox/sh', trace: [{ line: 1 }], because: 'it is in the base' }]);
    expect(facts.unproven).toMatchObject([{ reason: 'in the base: packed executable', path: '/opt/x' }]);
  });

  test('ask for evidence with the reference as it is written, behind no mirror, and the platform', () => {
    const asked: string[] = [];
    const evidence = (reference: string, platform: string) => {
      asked.push(`${reference} ${platform}`);
      return undefined;
    };
    const mirrors = { 'gcr.io/distroless': 'm.example.com/d' };
    built('FROM m.example.com/d/static-debian13:nonroot', { evidence, mirrors, platform: 'linux/arm64' });
    expect(asked).toEqual(['m.example.com/d/static-debian13:nonroot linux/arm64']);
  });
});

describe('facts from layers', () => {
  const layers = layersOf({
    base: { reference: STATIC, digest: DIGEST, layers: 3 },
    tools: [
      { category: 'shell', kind: 'dash', path: '/bin/sh', by: 'path', trace: [{ layer: 3, path: 'bin/sh' }] },
      {
        category: 'package-manager',
        kind: 'apt',
        path: '/usr/bin/apt',
        by: 'path',
        trace: [{ layer: 3, path: 'usr/bin/apt' }],
      },
    ],
    user: '0',
    entrypoint: ['/app'],
    healthCheck: ['CMD-SHELL', 'curl x'],
  });

  test('are what was seen', () => {
    expect(factsFromLayers(layers)).toMatchObject({
      subject: 'app.tar',
      proof: 'layers',
      base: { reference: STATIC, digest: DIGEST, inspected: true, layers: 3 },
      shells: [{ kind: 'dash', path: '/bin/sh' }],
      packageManagers: [{ kind: 'apt', path: '/usr/bin/apt' }],
      user: { value: '0' },
      healthCheck: { value: { disabled: false, command: { argv: ['/bin/sh', '-c', 'curl x'], form: 'shell' } } },
    });
  });

  test('have the reference for a base where the layers prove none', () => {
    const facts = factsFromLayers(layersOf(), { reference: 'registry.example.com/app:1' });
    expect(facts).toMatchObject({ subject: 'registry.example.com/app:1', base: { inspected: true } });
  });

  test.each([
    [['NONE'], { disabled: true }],
    [['CMD', '/app', '-h'], { disabled: false, command: { argv: ['/app', '-h'], form: 'exec' } }],
  ])('read the health check %j', (healthCheck, value) => {
    expect(factsFromLayers(layersOf({ healthCheck })).healthCheck?.value).toEqual(value);
  });

  describe('of the image that a Dockerfile builds', () => {
    const declared = factsFromDockerfile(
      {
        ...withIntroduction({}),
        unproven: [{ reason: 'a foreign frontend' }],
        user: { value: '0', location: { file: FILE, line: 3, text: 'USER 0' } },
      },
      { subject: FILE },
    );
    const merged = withLayerEvidence(declared, layers);

    test('prove what the Dockerfile left unproven', () => {
      expect(merged).toMatchObject({ subject: FILE, proof: 'layers', unproven: [] });
    });

    test('keep the base that is declared, with the digest and layers that were seen', () => {
      expect(merged.base).toMatchObject({ reference: STATIC, digest: DIGEST, layers: 3, trace: [{ line: 1 }] });
    });

    test('show the line that brings what was found, then the layer', () => {
      expect(merged.shells[0].trace).toEqual([COPY, { layer: 3, path: 'bin/sh' }]);
      expect(merged.packageManagers[0].trace).toEqual([{ layer: 3, path: 'usr/bin/apt' }]);
    });

    test('show the line that sets what is set', () => {
      expect(merged.user?.trace).toMatchObject([{ line: 3 }]);
    });

    test('correct what was declared and is not there', () => {
      expect(withLayerEvidence(declared, layersOf()).shells).toEqual([]);
    });
  });
});
