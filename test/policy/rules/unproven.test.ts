import { Assurance } from '../../../lib/policy/distroless-policy';
import { factsFromLayers } from '../../../lib/policy/facts/facts-from-layers';
import { factsOfOpaque } from '../../../lib/policy/facts/facts-of-opaque';
import { built, DIGEST, GOOD_FACTS, layersOf, messagesOf, referred, useWith } from '../samples';

const RULE = 'Unproven';

describe(RULE, () => {
  test('catches an image of which nothing can be said before it is deployed', () => {
    expect(messagesOf(RULE, useWith(), factsOfOpaque('web', 'the image is a parameter without a default'))).toEqual([
      'the image is a parameter without a default',
    ]);
  });

  test('catches an unknown image that is run as it is', () => {
    expect(messagesOf(RULE, useWith(), referred('registry.example.com/app:1'))).toEqual([
      'nothing is known of the image registry.example.com/app:1: it is not in the catalogue',
    ]);
  });

  test('catches not one that the policy approves and the template gives a user', () => {
    const policy = { approvedBases: ['registry.example.com/*'] };
    expect(messagesOf(RULE, useWith(), referred('registry.example.com/app:1'), policy)).toEqual([]);
    expect(messagesOf(RULE, useWith({ user: undefined }), referred('registry.example.com/app:1'), policy)).toEqual([
      'who the image runs as is not known: neither the template nor the Dockerfile says so',
    ]);
  });

  test.each([
    `gcr.io/distroless/cc-debian13@${DIGEST}`,
    `gcr.io/distroless/cc-debian13:nonroot@${DIGEST}`,
    'dhi.io/new:1',
  ])('catches the base %s', (base) => {
    expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))).toHaveLength(1);
  });

  test('catches not a digest whose layers are known', () => {
    const facts = built(`FROM gcr.io/distroless/cc-debian13@${DIGEST}`, { evidence: () => layersOf() });
    expect(messagesOf(RULE, useWith(), facts)).toEqual([]);
  });

  test('catches not a digest that the policy approves', () => {
    const facts = built(`FROM gcr.io/distroless/cc-debian13@${DIGEST}`);
    const policy = { approvedBases: [`gcr.io/distroless/cc-debian13@${DIGEST}`] };
    expect(messagesOf(RULE, useWith(), facts, policy)).toEqual([]);
  });

  test('catches a Dockerfile that BuildKit would refuse', () => {
    expect(messagesOf(RULE, useWith(), built('FORM scratch'))[0]).toMatch(/^BuildKit would refuse the Dockerfile: /);
  });

  test.each([
    ['user', 'who it runs as is known at deployment only'],
    ['entryPoint', 'whether its entryPoint needs a shell is known at deployment only'],
    ['command', 'whether its command needs a shell is known at deployment only'],
    ['healthCheck', 'whether its health check needs a shell is known at deployment only'],
    ['platform', 'what platform it runs on is known at deployment only'],
  ])('catches a deploy-time value for %s', (name, message) => {
    expect(messagesOf(RULE, useWith({ [name]: undefined, unresolved: [name] }), GOOD_FACTS)[0]).toContain(message);
  });

  test('catches not deploy-time values that decide no error', () => {
    const settings = { readonlyRootFilesystem: undefined, unresolved: ['readonlyRootFilesystem', 'privileged'] };
    expect(messagesOf(RULE, useWith(settings), GOOD_FACTS)).toEqual([]);
  });

  test('catches what was not inspected, when the policy wants inspection', () => {
    const policy = { assurance: Assurance.INSPECTED };
    expect(messagesOf(RULE, useWith(), GOOD_FACTS, policy)).toEqual([
      'the policy wants the layers inspected, and the image is known by its Dockerfile only',
    ]);
    const inspected = factsFromLayers(layersOf({ entrypoint: ['/app'] }));
    expect(messagesOf(RULE, useWith(), inspected, policy)).toEqual(['it is not known what the image is built on']);
  });
});
