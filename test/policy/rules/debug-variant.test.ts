import { built, findingsOf, messagesOf, useWith } from '../samples';

const RULE = 'DebugVariant';

describe(RULE, () => {
  test.each([
    'gcr.io/distroless/static:debug',
    'gcr.io/distroless/java25-debian13:debug-nonroot-arm64',
    'cgr.dev/chainguard/python:latest-dev',
    'dhi.io/node:24-debian13-dev',
    'registry.access.redhat.com/hi/python:3.14-builder',
    'mcr.microsoft.com/azurelinux/distroless/debug:3.0',
    `gcr.io/distroless/static:debug@sha256:${'0'.repeat(64)}`,
  ])('catches %s', (base) => {
    expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toHaveLength(1);
  });

  test('catches a debug variant that the policy approves with the rest of its repository', () => {
    const policy = { approvedBases: ['gcr.io/distroless/*'] };
    expect(messagesOf(RULE, useWith(), built('FROM gcr.io/distroless/static:debug'), policy)).toHaveLength(1);
  });

  test.each(['gcr.io/distroless/static:nonroot', 'cgr.dev/chainguard/node', 'debian', 'dhi.io/golang:1.26'])(
    'catches not %s',
    (base) => {
      expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toEqual([]);
    },
  );

  test('names the variant to take instead', () => {
    const [finding] = findingsOf(useWith(), built('FROM gcr.io/distroless/cc:debug-nonroot'));
    expect(finding.fix).toBe('build on gcr.io/distroless/cc:nonroot; for debugging use DebugSidecar');
  });
});
