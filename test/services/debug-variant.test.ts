import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { DistrolessBase } from '../../lib/bases/distroless-base';
import { DebugVariant } from '../../lib/services/debug-variant';

const OPTIONS = { reason: 'INFRA-1234', expires: '2026-12-31' };

function stackWith(allowed: unknown): Stack {
  return new Stack(new App({ context: { [DebugVariant.CONTEXT_KEY]: allowed } }), 'Test');
}

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-12-01T12:00:00Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the debug variant of a base', () => {
  test.each([undefined, false, 'false', 'yes'])('is the base itself while the context key is %j', (allowed) => {
    expect(DebugVariant.of(stackWith(allowed), DistrolessBase.STATIC, OPTIONS)).toBe(DistrolessBase.STATIC);
  });

  test.each([true, 'true'])('is used, and shows, while the context key is %j', (allowed) => {
    const stack = stackWith(allowed);
    const base = DebugVariant.of(stack, DistrolessBase.NODEJS_24, OPTIONS);
    expect(base).toMatchObject({
      reference: 'gcr.io/distroless/nodejs24-debian13:debug-nonroot',
      user: '65532',
      entrypoint: ['/nodejs/bin/node'],
      runtime: DistrolessBase.NODEJS_24.runtime,
    });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('debug-nonroot has a shell; allowed until 2026-12-31'),
    );
  });

  test('fails synthesis after its last day, but only while the context allows it', () => {
    jest.setSystemTime(new Date('2027-01-01T00:00:00Z'));
    const allowed = stackWith(true);
    DebugVariant.of(allowed, DistrolessBase.STATIC, OPTIONS);
    expect(() => Template.fromStack(allowed)).toThrow(
      /the debug variant of .*static.* \(INFRA-1234\) expired on 2026-12-31/,
    );
    const normal = stackWith(undefined);
    DebugVariant.of(normal, DistrolessBase.STATIC, OPTIONS);
    expect(() => Template.fromStack(normal)).not.toThrow();
  });

  test.each([DistrolessBase.SCRATCH, DistrolessBase.CHAINGUARD_STATIC])('fails for bases without one', (base) => {
    expect(() => DebugVariant.of(stackWith(true), base, OPTIONS)).toThrow(
      'has no debug variant that is known; use a DebugSidecar',
    );
  });
});
