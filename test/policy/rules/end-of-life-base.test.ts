import { built, messagesOf, useWith } from '../samples';

const RULE = 'EndOfLifeBase';

describe(RULE, () => {
  test.each([
    'gcr.io/distroless/static-debian12:nonroot',
    'gcr.io/distroless/nodejs20-debian12',
    'gcr.io/distroless/base-debian11',
    'gcr.io/distroless/python3-debian11',
    'mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled',
    'mcr.microsoft.com/dotnet/runtime:9.0-azurelinux3.0-distroless',
  ])('catches %s', (base) => {
    expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toHaveLength(1);
  });

  test.each([
    'gcr.io/distroless/static-debian13',
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
    'scratch',
    'node:10',
  ])('catches not %s', (base) => {
    expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toEqual([]);
  });

  test('holds a base to its date: supported on that day, not on the next', () => {
    const facts = built('FROM gcr.io/distroless/nodejs22-debian13:nonroot');
    expect(messagesOf(RULE, useWith(), facts, {}, '2027-04-30')).toEqual([]);
    expect(messagesOf(RULE, useWith(), facts, {}, '2027-05-01')).toEqual([
      'the base gcr.io/distroless/nodejs22-debian13:nonroot has had no security updates since 2027-04-30',
    ]);
  });
});
