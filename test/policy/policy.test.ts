import { Assurance, RuleSeverity, type DistrolessPolicy } from '../../lib/policy/distroless-policy';
import { Policy } from '../../lib/policy/policy';
import { policyProblems } from '../../lib/policy/policy-problems';

const EXCEPTION = { patterns: ['x/**'], reason: 'because', expires: '2027-01-31' };

describe('a policy', () => {
  test('has a default for everything', () => {
    expect(Policy.from()).toMatchObject({
      approvesCatalogue: true,
      exceptions: [],
      mirrors: {},
      assurance: Assurance.DECLARED,
      includesBuildImages: false,
    });
  });

  test('takes a policy in which everything is set', () => {
    const policy: DistrolessPolicy = {
      approvedBases: ['catalogue', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/base/**'],
      exceptions: [{ ...EXCEPTION, rules: ['Shell', 'RootUser'] }],
      assurance: Assurance.INSPECTED,
      mirrors: { 'gcr.io/distroless': '123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless' },
      severities: { WritableRoot: RuleSeverity.ERROR, UnpinnedBase: RuleSeverity.OFF },
      includeBuildImages: true,
    };
    expect(policyProblems(policy)).toEqual([]);
  });

  test.each<[DistrolessPolicy, string]>([
    [{ approvedBases: [] }, 'approvedBases: is empty'],
    [{ approvedBases: [' '] }, 'approvedBases.0: is blank'],
    [{ exceptions: [{ ...EXCEPTION, patterns: [] }] }, 'exceptions.0.patterns: is empty'],
    [{ exceptions: [{ ...EXCEPTION, reason: '' }] }, 'exceptions.0.reason: a reason is needed'],
    [{ exceptions: [{ ...EXCEPTION, expires: '31.1.2027' }] }, "exceptions.0.expires: '31.1.2027' is not a date"],
    [{ exceptions: [{ ...EXCEPTION, expires: '2026-02-30' }] }, "exceptions.0.expires: '2026-02-30' is not a date"],
    [{ exceptions: [{ ...EXCEPTION, rules: ['Shel'] }] }, "exceptions.0.rules.0: 'Shel' is none of NonDistrolessBase"],
    [{ assurance: 'hopeful' as Assurance }, "assurance: 'hopeful' is none of declared, inspected"],
    [{ severities: { Shel: RuleSeverity.OFF } }, "severities: 'Shel' is none of NonDistrolessBase"],
    [{ severities: { Shell: 'fatal' as RuleSeverity } }, "severities.Shell: 'fatal' is none of error, warning, off"],
    [{ mirrors: { distroless: 'x.io' } }, 'mirrors.distroless: does not start with a registry'],
    [{ mirrors: { 'gcr.io': 'https://x.io' } }, "mirrors.gcr.io: 'https://x.io' is not a registry path"],
    [{ mirrors: { 'gcr.io': 'x.io/m', 'dhi.io': 'x.io/m/' } }, "mirrors.dhi.io: 'x.io/m/' is the mirror of gcr.io"],
  ])('fails on %j', (policy, message) => {
    expect(() => Policy.from(policy)).toThrow(message);
  });

  test('names everything that is wrong at once', () => {
    const problems = policyProblems({ approvedBases: [], exceptions: [{ ...EXCEPTION, reason: '', expires: 'soon' }] });
    expect(problems.map(({ path }) => path)).toEqual([
      ['approvedBases'],
      ['exceptions', 0, 'reason'],
      ['exceptions', 0, 'expires'],
    ]);
  });

  test.each([
    ['gcr.io/distroless/*', 'gcr.io/distroless/static-debian13:nonroot', true],
    ['gcr.io/distroless/static-debian13', 'gcr.io/distroless/static-debian13:nonroot', true],
    [
      'gcr.io/distroless/static-debian13:nonroot',
      `gcr.io/distroless/static-debian13:nonroot@sha256:${'0'.repeat(64)}`,
      true,
    ],
    ['gcr.io/distroless/static-debian13:nonroot', 'gcr.io/distroless/static-debian13:debug', false],
    ['gcr.io/distroless/*', 'gcr.io/distroless-evil/static', false],
    ['gcr.io/distroless/*', 'gcr.io/distroless/a/b', false],
    ['gcr.io/**', 'gcr.io/distroless/a/b', true],
    ['gcr.io', 'gcr.io/distroless/static', false],
    ['*.dkr.ecr.*.amazonaws.com/base/*', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/base/go:1', true],
    ['node:24*', 'docker.io/library/node:24-slim', true],
    ['node', 'docker.io/library/node:24-slim', true],
    ['node', 'docker.io/acme/node:24-slim', false],
    ['acme/*', 'docker.io/acme/node:24-slim', true],
    ['gcr.io/distroless/static.debian13', 'gcr.io/distroless/static-debian13', false],
  ])('%s approves %s: %s', (pattern, reference, approved) => {
    expect(Policy.from({ approvedBases: [pattern] }).approves(reference)).toBe(approved);
  });
});
