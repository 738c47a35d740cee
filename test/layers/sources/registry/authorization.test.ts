import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialStore } from '../../../../lib/layers/sources/registry/credentials';
import { DEFAULT_SCHEDULE } from '../../../../lib/layers/sources/registry/retry';
import { RepositoryClient } from '../../../../lib/layers/sources/registry/repository-client';
import { Transport } from '../../../../lib/layers/sources/registry/transport';
import { LOGIN, registryIsInstalled, skipReason, startRegistry, type RunningRegistry } from './debian-registry';
import { Pusher, type PushedImage } from './push';
import { selfSigned, TokenService } from './token-service';

const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;

const transport = new Transport({ environment: {} });
let home: string;

beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'authorization-'))));
afterEach(() => rmSync(home, { recursive: true }));
afterAll(() => transport.close());

function login(registry: string, entry: object): void {
  mkdirSync(join(home, '.docker'), { recursive: true });
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ auths: { [registry]: entry } }));
}

function client(registry: string): RepositoryClient {
  const image = { registry, repository: 'team/app', tag: '1.0' };
  const credentials = new CredentialStore({ HOME: home, PATH: process.env.PATH });
  return new RepositoryClient(image, { transport, credentials, schedule: DEFAULT_SCHEDULE });
}

(registryIsInstalled ? describe : describe.skip)(`a registry that wants a password${skipReason}`, () => {
  let registry: RunningRegistry;
  let image: PushedImage;

  beforeAll(async () => {
    registry = await startRegistry('basic');
    const target = { host: registry.host, repository: 'team/app', tag: '1.0', authorization: BASIC };
    image = await new Pusher(target).image();
  });
  afterAll(() => registry.stop());

  test('gives an image to who has logged in', async () => {
    login(registry.host, { auth: BASIC.slice('Basic '.length) });
    await expect(client(registry.host).manifest()).resolves.toMatchObject({ digest: image.digest });
    await expect(client(registry.host).resolve()).resolves.toBe(image.digest);
  });

  test('fails with what to do where nobody has logged in', async () => {
    await expect(client(registry.host).manifest()).rejects.toMatchObject({
      code: 'unauthorized',
      message: `no access to ${registry.host}/team/app: a login is needed and none was found; run docker login ${registry.host}`,
    });
  });

  test('fails on a wrong password without repeating it', async () => {
    login(registry.host, { username: LOGIN.username, password: 'hunter2' });
    const failure = await client(registry.host)
      .manifest()
      .catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('the login was refused') });
    expect((failure as Error).message).not.toContain('hunter2');
  });
});

(registryIsInstalled ? describe : describe.skip)(`a registry that wants tokens${skipReason}`, () => {
  const keys = selfSigned();
  const service = new TokenService(keys);
  let registry: RunningRegistry;
  let image: PushedImage;

  beforeAll(async () => {
    await service.start();
    registry = await startRegistry({ realm: service.realm, certificate: keys.certificate });
    const authorization = `Bearer ${service.token('team/app')}`;
    image = await new Pusher({ host: registry.host, repository: 'team/app', tag: '1.0', authorization }).image();
  });
  afterAll(() => {
    registry.stop();
    service.stop();
  });
  beforeEach(() => {
    service.requests.length = 0;
    service.admits = () => true;
  });

  test('gives a public image without a login', async () => {
    await expect(client(registry.host).manifest()).resolves.toMatchObject({ digest: image.digest });
    expect(service.requests).toEqual([
      {
        method: 'GET',
        query: { service: 'registry.tests', scope: 'repository:team/app:pull' },
        form: {},
        authorization: undefined,
      },
    ]);
  });

  test('gives a private image to who has logged in', async () => {
    service.admits = ({ authorization }) => authorization === BASIC;
    login(registry.host, LOGIN);
    await expect(client(registry.host).manifest()).resolves.toMatchObject({ digest: image.digest });
  });

  test('exchanges an identity token', async () => {
    service.admits = ({ form }) => form.refresh_token === 'identity';
    login(registry.host, { identitytoken: 'identity' });
    await expect(client(registry.host).manifest()).resolves.toMatchObject({ digest: image.digest });
    expect(service.requests[0]).toMatchObject({ method: 'POST', form: { grant_type: 'refresh_token' } });
  });

  test('passes a registry token on as it is', async () => {
    login(registry.host, { registrytoken: service.token('team/app') });
    await expect(client(registry.host).manifest()).resolves.toMatchObject({ digest: image.digest });
    expect(service.requests).toEqual([]);
  });

  test('uses one token for all requests, also for those at the same time', async () => {
    const repository = client(registry.host);
    await Promise.all([repository.manifest(), repository.resolve(), repository.manifest(image.digest)]);
    await repository.manifest();
    expect(service.requests).toHaveLength(1);
  });

  test('fails where the token service refuses the login', async () => {
    service.admits = () => false;
    login(registry.host, LOGIN);
    await expect(client(registry.host).manifest()).rejects.toThrow('the login was refused');
  });
});
