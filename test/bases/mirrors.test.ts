import { pullThroughMirrors, seeThroughMirrors } from '../../lib/bases/mirrors';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const MIRRORS = {
  'gcr.io/distroless': `${ECR}/distroless`,
  'docker.io': `${ECR}/docker-hub`,
  'docker.io/library/node': `${ECR}/docker-hub/golden-node/`,
  'dhi.io/node': 'docker.io/acme/dhi-node',
};

describe('seeing through declared mirrors', () => {
  test.each([
    [`${ECR}/distroless/static-debian13:nonroot`, 'gcr.io/distroless/static-debian13:nonroot'],
    [`${ECR}/docker-hub/library/python:3.13`, 'docker.io/library/python:3.13'],
    [`${ECR}/docker-hub/golden-node:24`, 'docker.io/library/node:24'],
    ['docker.io/acme/dhi-node:24-debian13', 'dhi.io/node:24-debian13'],
  ])('%s stands for %s', (mirrored, upstream) => {
    expect(seeThroughMirrors(mirrored, MIRRORS)).toBe(upstream);
  });

  test.each([
    `${ECR}/distroless-evil/static-debian13:nonroot`,
    `${ECR}/other/static-debian13`,
    `${ECR}.evil.com/distroless/static-debian13`,
    'docker.io/acme/dhi-node-evil:24',
    'gcr.io/distroless/static-debian13',
  ])('%s stands for itself', (reference) => {
    expect(seeThroughMirrors(reference, MIRRORS)).toBe(reference);
  });

  test('sees through a mirror whose account is known at deployment only', () => {
    const mirrors = { 'gcr.io/distroless': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/gcr' };
    const mirrored = '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/gcr/cc-debian13:nonroot';
    expect(seeThroughMirrors(mirrored, mirrors)).toBe('gcr.io/distroless/cc-debian13:nonroot');
  });

  test('a host with a port is no prefix of itself without one', () => {
    expect(seeThroughMirrors('localhost:5000/app', { 'docker.io': 'localhost' })).toBe('localhost:5000/app');
  });
});

describe('pulling through declared mirrors', () => {
  test.each([
    ['gcr.io/distroless/static-debian13:nonroot', `${ECR}/distroless/static-debian13:nonroot`],
    ['python:3.13-slim-trixie', `${ECR}/docker-hub/library/python:3.13-slim-trixie`],
    ['node:24-trixie-slim', `${ECR}/docker-hub/golden-node:24-trixie-slim`],
    ['mcr.microsoft.com/dotnet/sdk:10.0-noble', 'mcr.microsoft.com/dotnet/sdk:10.0-noble'],
    ['gcr.io/distroless-evil/static', 'gcr.io/distroless-evil/static'],
  ])('%s comes from %s', (upstream, mirrored) => {
    expect(pullThroughMirrors(upstream, MIRRORS)).toBe(mirrored);
  });
});
