import { isDigest, normaliseReference, tryParseLocation, tryParseReference } from '../../lib/bases/reference';

const HEX = '0123456789abcdef'.repeat(4);

const GOOD: ReadonlyArray<readonly [given: string, full: string]> = [
  ['alpine', 'docker.io/library/alpine:latest'],
  ['alpine:3.22', 'docker.io/library/alpine:3.22'],
  ['bitnami/redis', 'docker.io/bitnami/redis:latest'],
  ['docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['docker.io/library/alpine', 'docker.io/library/alpine:latest'],
  ['index.docker.io/library/node:24', 'docker.io/library/node:24'],
  ['registry-1.docker.io/library/node', 'docker.io/library/node:latest'],
  ['registry.hub.docker.com/library/node', 'docker.io/library/node:latest'],
  ['public.ecr.aws/docker/library/node:24-slim', 'docker.io/library/node:24-slim'],
  ['mirror.gcr.io/library/golang', 'docker.io/library/golang:latest'],
  ['mirror.gcr.io/bitnami/redis', 'docker.io/bitnami/redis:latest'],
  ['docker://node:24', 'docker.io/library/node:24'],
  ['docker-image://node:24', 'docker.io/library/node:24'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  ['localhost:5000/app:1', 'localhost:5000/app:1'],
  ['registry:5000/app', 'registry:5000/app:latest'],
  ['[::1]:5000/app:1', '[::1]:5000/app:1'],
  ['Registry/app', 'Registry/app:latest'],
  ['GCR.IO/distroless/static', 'gcr.io/distroless/static:latest'],
  ['gcr.io/distroless/static-debian13:nonroot', 'gcr.io/distroless/static-debian13:nonroot'],
  [`alpine@sha256:${HEX}`, `docker.io/library/alpine@sha256:${HEX}`],
  [`alpine:3.22@sha256:${HEX}`, `docker.io/library/alpine:3.22@sha256:${HEX}`],
  [`localhost:5000/app@sha256:${HEX}`, `localhost:5000/app@sha256:${HEX}`],
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1',
  ],
  ['a/b/c/d__e-f.g:T_a-g.1', 'docker.io/a/b/c/d__e-f.g:T_a-g.1'],
];

const BAD: ReadonlyArray<readonly [given: string, why: string]> = [
  ['', 'empty'],
  [':tag', 'no name'],
  ['alpine:', 'empty tag'],
  ['Alpine', 'a capital in the repository'],
  ['library/Alpine', 'a capital in the repository'],
  ['alpine:-x', 'a tag starts with a word character'],
  [`alpine:${'x'.repeat(129)}`, 'a tag has at most 128 characters'],
  ['alpine@sha256:abc', 'a short digest'],
  [`alpine@sha256:${HEX.toUpperCase()}`, 'a digest is in lower case'],
  [`alpine@md5:${HEX}`, 'an algorithm that is none of the two'],
  ['alpine@', 'empty digest'],
  ['a//b', 'an empty part'],
  ['a/-b', 'a part starts with a letter or digit'],
  ['a/b_', 'a part ends with a letter or digit'],
  ['a/b___c', 'three underscores'],
  ['/alpine', 'an empty host'],
  ['gcr.io/', 'no repository'],
  ['exa mple/app', 'a space'],
  ['${BASE}', 'an argument that was not expanded'],
  ['${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/app:1', 'a value that is known at deployment'],
  ['https://gcr.io/distroless/static', 'a URL'],
  [`x.io/${'a'.repeat(260)}`, 'a name has at most 255 characters'],
];

describe('an image reference', () => {
  test('is pulled from the mirror that it names', () => {
    expect(tryParseLocation('mirror.gcr.io/library/golang')).toMatchObject({
      registry: 'mirror.gcr.io',
      repository: 'library/golang',
    });
    expect(tryParseLocation('index.docker.io/node:24')).toEqual(tryParseReference('node:24'));
    expect(tryParseLocation('Not A Reference')).toBeUndefined();
  });

  test.each(GOOD)('%s is %s', (given, full) => {
    expect(normaliseReference(given)).toBe(full);
  });

  test.each(GOOD)('%s is in its full spelling once and for all', (_given, full) => {
    expect(normaliseReference(full)).toBe(full);
  });

  test.each(BAD)('fails on %j: %s', (given) => {
    expect(tryParseReference(given)).toBeUndefined();
    expect(normaliseReference(given)).toBe(given);
  });

  test('is taken apart into registry, repository, tag and digest', () => {
    expect(tryParseReference(`localhost:5000/team/app:1@sha256:${HEX}`)).toEqual({
      registry: 'localhost:5000',
      repository: 'team/app',
      tag: '1',
      digest: `sha256:${HEX}`,
    });
  });

  test('gets no default tag beside a digest, because the runtime would ignore it', () => {
    expect(tryParseReference(`alpine@sha256:${HEX}`)?.tag).toBeUndefined();
  });

  test('scratch is no image in a registry', () => {
    expect(normaliseReference('scratch')).toBe('scratch');
  });

  test('a digest is sha256 or sha512 in full length', () => {
    expect(isDigest(`sha256:${HEX}`)).toBe(true);
    expect(isDigest(`sha512:${HEX}${HEX}`)).toBe(true);
    expect(isDigest(`sha512:${HEX}`)).toBe(false);
    expect(isDigest(HEX)).toBe(false);
  });
});
