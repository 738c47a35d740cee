import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CredentialStore, type Credentials } from '../../../../lib/layers/sources/registry/credentials';

let home: string;

beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'credentials-'))));
afterEach(() => rmSync(home, { recursive: true }));

function write(path: string, content: unknown): void {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** A credential helper that knows one server. */
function writeHelper(name: string, server: string, answer: object): void {
  const file = `bin/docker-credential-${name}`;
  write(
    file,
    `#!/bin/sh
[ "$1" = version ] && exit 0
read -r asked
[ "$asked" = "${server}" ] && echo '${JSON.stringify(answer)}' && exit 0
echo 'credentials not found in native keychain'; exit 1
`,
  );
  chmodSync(join(home, file), 0o755);
}

function find(registry: string, repository = 'team/app', more: Record<string, string> = {}) {
  const path = `${join(home, 'bin')}${delimiter}${process.env.PATH}`;
  return new CredentialStore({ HOME: home, PATH: path, ...more }).find(registry, repository);
}

const login = (username: string, password: string) => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});

describe('CredentialStore', () => {
  test('finds nothing where nobody logged in', async () => {
    await expect(find('ghcr.io')).resolves.toBeUndefined();
  });

  test.each<[string, string, object, Credentials]>([
    ['a login in base64', 'ghcr.io', login('me', 'a:b'), { username: 'me', password: 'a:b' }],
    ['a login in clear', 'ghcr.io', { username: 'me', password: 'pw' }, { username: 'me', password: 'pw' }],
    ['an identity token', 'ghcr.io', { ...login('me', ''), identitytoken: 'id' }, { identityToken: 'id' }],
    ['a registry token', 'ghcr.io', { registrytoken: 'raw' }, { registryToken: 'raw' }],
    ['a key that is a URL', 'https://ghcr.io/v2/', login('me', 'pw'), { username: 'me', password: 'pw' }],
  ])('reads %s', async (_, key, entry, expected) => {
    write('.docker/config.json', { auths: { [key]: entry } });
    await expect(find('ghcr.io')).resolves.toEqual(expected);
  });

  test('knows the key that Docker keeps the login to Docker Hub under', async () => {
    write('.docker/config.json', { auths: { 'https://index.docker.io/v1/': login('me', 'pw') } });
    await expect(find('docker.io', 'library/alpine')).resolves.toEqual({ username: 'me', password: 'pw' });
    await expect(find('evil-docker.io')).resolves.toBeUndefined();
  });

  test('does not take the login of one port for another, or of a host that begins alike', async () => {
    write('.docker/config.json', { auths: { 'host.example:5000': login('me', 'pw') } });
    await expect(find('host.example:5001')).resolves.toBeUndefined();
    await expect(find('host.example')).resolves.toBeUndefined();
    await expect(find('host.example:50001')).resolves.toBeUndefined();
  });

  test('prefers the helper of the registry to the helper for all, and that to what is written down', async () => {
    writeHelper('one', 'one.example', { Username: 'me', Secret: 'from one' });
    writeHelper('all', 'two.example', { Username: '<token>', Secret: 'from all' });
    const auths = { 'one.example': login('x', 'y'), 'three.example': login('me', 'written') };
    write('.docker/config.json', { auths, credsStore: 'all', credHelpers: { 'one.example': 'one' } });
    await expect(find('one.example')).resolves.toEqual({ username: 'me', password: 'from one' });
    await expect(find('two.example')).resolves.toEqual({ identityToken: 'from all' });
    await expect(find('three.example')).resolves.toEqual({ username: 'me', password: 'written' });
  });

  test('asks the ECR helper for an ECR registry that no file knows', async () => {
    const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
    writeHelper('ecr-login', registry, { Username: 'AWS', Secret: 'twelve hours' });
    await expect(find(registry)).resolves.toEqual({ username: 'AWS', password: 'twelve hours' });
    await expect(find('123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example')).resolves.toBeUndefined();
  });

  test('takes the most specific entry of auth.json', async () => {
    write('.config/containers/auth.json', {
      auths: { 'quay.io': login('all', 'x'), 'quay.io/team': login('team', 'x') },
    });
    await expect(find('quay.io', 'team/app')).resolves.toMatchObject({ username: 'team' });
    await expect(find('quay.io', 'teams/app')).resolves.toMatchObject({ username: 'all' });
  });

  test('asks DOCKER_AUTH_CONFIG first, and Docker before the containers tools', async () => {
    write('docker/config.json', { auths: { 'b.example': login('docker', 'x') } });
    write('.config/containers/auth.json', {
      auths: { 'b.example': login('podman', 'x'), 'c.example': login('podman', 'x') },
    });
    const environment = {
      DOCKER_CONFIG: join(home, 'docker'),
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'a.example': login('inline', 'x') } }),
    };
    const names = ['a.example', 'b.example', 'c.example'].map((registry) => find(registry, 'app', environment));
    expect((await Promise.all(names)).map((found) => found?.username)).toEqual(['inline', 'docker', 'podman']);
  });

  test('fails on a file that is not JSON without quoting it', async () => {
    write('.docker/config.json', '{"auths": {"ghcr.io": {"password": "hunter2"');
    const failure = await find('ghcr.io').catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'malformed' });
    expect((failure as Error).message).toContain(join(home, '.docker/config.json'));
    expect((failure as Error).message).not.toContain('hunter2');
  });

  test('fails when the helper that the configuration names is not installed', async () => {
    write('.docker/config.json', { credsStore: 'nowhere' });
    await expect(find('ghcr.io')).rejects.toThrow('docker-credential-nowhere, which the Docker configuration names');
  });

  test('fails on a helper whose name is a path', async () => {
    write('.docker/config.json', { credsStore: '../../tmp/evil' });
    await expect(find('ghcr.io')).rejects.toThrow('is not the name of a credential helper');
  });
});
