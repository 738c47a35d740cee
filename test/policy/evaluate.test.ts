import { RuleSeverity } from '../../lib/policy/distroless-policy';
import { evaluate, Evaluations } from '../../lib/policy/evaluate';
import type { ImageUse } from '../../lib/policy/image-use';
import { Policy } from '../../lib/policy/policy';
import { built, findingsOf, GOOD_FACTS, referred, rulesThatObject, TODAY, useWith, withTool } from './samples';

describe('applying the rules to an image use', () => {
  test('finds nothing where nothing is wrong', () => {
    expect(findingsOf(useWith(), GOOD_FACTS)).toEqual([]);
  });

  test('gives a finding with rule, severity, place, message, trace and fix', () => {
    const use = useWith();
    expect(findingsOf(use, withTool({}))).toEqual([
      {
        rule: 'Shell',
        severity: 'error',
        use,
        message: 'busybox reaches the final image as /bin/sh',
        trace: [
          expect.objectContaining({ line: 9, text: 'COPY --from=tools /bin/busybox /bin/sh' }),
          expect.objectContaining({ line: 1, text: 'FROM busybox:1.37 AS tools' }),
        ],
        fix: 'drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar',
      },
    ]);
  });

  test.each([
    ['node:24-slim', ['NonDistrolessBase']],
    ['cgr.dev/chainguard/node', ['Shell']],
    ['gcr.io/distroless/nodejs24-debian13:debug-nonroot', ['DebugVariant']],
    ['gcr.io/distroless/nodejs24-debian12:nonroot', ['EndOfLifeBase', 'UnpinnedBase']],
    ['gcr.io/distroless/nodejs24-debian13:nonroot', ['UnpinnedBase']],
    [`gcr.io/distroless/nodejs24-debian13@sha256:${'0'.repeat(64)}`, ['Unproven']],
    ['registry.example.com/team/base:1', ['NonDistrolessBase']],
  ])('one cause is one finding: a base %s breaks %j', (base, rules) => {
    expect(rulesThatObject(useWith(), built(`FROM ${base}\nCMD ["server.js"]\n`))).toEqual(rules);
  });

  test('one cause is one finding: an image that is run by its reference and unknown is unproven', () => {
    expect(rulesThatObject(useWith(), referred('registry.example.com/team/app:1'))).toEqual(['Unproven']);
  });

  test("severities are the policy's", () => {
    const facts = built('FROM gcr.io/distroless/static-debian13:nonroot\n');
    const severities = { UnpinnedBase: RuleSeverity.ERROR };
    expect(findingsOf(useWith(), facts, { severities })).toMatchObject([{ rule: 'UnpinnedBase', severity: 'error' }]);
    expect(findingsOf(useWith(), facts)).toMatchObject([{ rule: 'UnpinnedBase', severity: 'warning' }]);
  });

  test('a rule that is off says nothing', () => {
    const facts = built('FROM gcr.io/distroless/static-debian13:nonroot\n');
    expect(findingsOf(useWith(), facts, { severities: { UnpinnedBase: RuleSeverity.OFF } })).toEqual([]);
  });

  test('images that only build are exempt unless the policy says otherwise', () => {
    const use = useWith({}, { role: 'build', resourceType: 'AWS::CodeBuild::Project' });
    expect(findingsOf(use, referred('ubuntu:24.04'))).toEqual([]);
    expect(findingsOf(use, referred('ubuntu:24.04'), { includeBuildImages: true })).not.toEqual([]);
  });

  test('a rule that throws is a finding, not a pass', () => {
    const broken = { ...GOOD_FACTS, shells: undefined as never };
    const findings = evaluate(useWith(), broken, Policy.DEFAULT, TODAY);
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'Shell',
        severity: 'error',
        message: expect.stringContaining('the rule could not be applied'),
      }),
    );
  });
});

describe('exceptions of the policy', () => {
  const exception = { reason: 'goes with INFRA-1234', expires: '2026-12-31' };

  test.each([
    'services/web/Dockerfile',
    'services/**',
    'Web/TaskDef/Resource',
    'Web/web',
    'cgr.dev/chainguard/node',
    'cgr.dev/**',
  ])('%s covers the use by its Dockerfile, its place or its base', (pattern) => {
    const facts = built('FROM cgr.dev/chainguard/node:latest\nCMD ["server.js"]\n');
    expect(findingsOf(useWith(), facts, { exceptions: [{ patterns: [pattern], ...exception }] })).toEqual([]);
  });

  test.each(['services/*', 'Web', 'services/web', 'cgr.dev/*', '*'])('%s does not cover it', (pattern) => {
    const facts = built('FROM cgr.dev/chainguard/node:latest\nCMD ["server.js"]\n');
    expect(findingsOf(useWith(), facts, { exceptions: [{ patterns: [pattern], ...exception }] })).not.toEqual([]);
  });

  test('covers the rules that it names, and no others', () => {
    const facts = built('FROM cgr.dev/chainguard/node:latest\nUSER 0\nCMD ["server.js"]\n');
    const exceptions = [{ patterns: ['services/**'], rules: ['Shell'], ...exception }];
    expect(rulesThatObject(useWith({ user: undefined }), facts, { exceptions })).toEqual(['RootUser']);
  });

  test('holds through its last day, and is reported from the next day on together with what it covered', () => {
    const facts = withTool({});
    const exceptions = [{ patterns: ['services/**'], ...exception }];
    expect(findingsOf(useWith(), facts, { exceptions }, '2026-12-31')).toEqual([]);
    expect(findingsOf(useWith(), facts, { exceptions }, '2027-01-01').map(({ rule }) => rule)).toEqual([
      'Shell',
      'ExpiredException',
    ]);
  });
});

describe('uses of one image that run alike', () => {
  /** A use that tells nobody which container of which construct it is. */
  function anonymous(use: ImageUse): ImageUse {
    const seen = new Set<string | symbol>(['origin', 'resourceType', 'role', 'settings']);
    return new Proxy(use, {
      get: (target, name) => {
        if (!seen.has(name)) throw new Error(`a rule looked at ${String(name)}`);
        return Reflect.get(target, name) as unknown;
      },
    });
  }

  const FACTS = [
    GOOD_FACTS,
    withTool({}),
    built('FROM cgr.dev/chainguard/node:latest\nUSER 0\nCMD npm start\n'),
    referred('registry.example.com/team/app:1'),
  ];

  test.each(FACTS)('are judged by nothing else than that: no rule asks which one it is (%#)', (facts) => {
    const use = anonymous(useWith({ user: undefined, healthCheck: ['CMD-SHELL', 'true'], unresolved: ['command'] }));
    const messages = evaluate(use, facts, Policy.DEFAULT, TODAY).map(({ message }) => message);
    expect(messages.filter((message) => message.includes('a rule looked at'))).toEqual([]);
  });

  test('are judged once, and each has its own finding', () => {
    const [web, api] = [useWith(), useWith({}, { container: 'api' })];
    const evaluations = new Evaluations(Policy.DEFAULT, TODAY);
    const facts = withTool({});
    expect(evaluations.of(web, facts)).toEqual(evaluate(web, facts, Policy.DEFAULT, TODAY));
    expect(evaluations.of(api, facts)).toEqual(evaluate(api, facts, Policy.DEFAULT, TODAY));
  });

  test('that differ in a setting are judged apart', () => {
    const evaluations = new Evaluations(Policy.DEFAULT, TODAY);
    expect(evaluations.of(useWith(), GOOD_FACTS)).toEqual([]);
    expect(evaluations.of(useWith({ user: '0' }), GOOD_FACTS)).toMatchObject([{ rule: 'RootUser' }]);
  });

  test('are judged apart where the policy has exceptions, which are for single ones', () => {
    const exception = { patterns: ['Web/web'], reason: 'goes with INFRA-1234', expires: '2026-12-31' };
    const evaluations = new Evaluations(Policy.from({ exceptions: [exception] }), TODAY);
    const facts = withTool({});
    expect(evaluations.of(useWith(), facts)).toEqual([]);
    expect(evaluations.of(useWith({}, { container: 'api' }), facts)).toMatchObject([{ rule: 'Shell' }]);
  });
});
