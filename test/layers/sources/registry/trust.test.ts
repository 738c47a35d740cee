import * as http from 'node:http';
import * as https from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { CredentialStore } from '../../../../lib/layers/sources/registry/credentials';
import { isLocal, isLoopback } from '../../../../lib/layers/sources/registry/hosts';
import { RepositoryClient } from '../../../../lib/layers/sources/registry/repository-client';
import { assertTrustworthy, Transport } from '../../../../lib/layers/sources/registry/transport';
import { sha256 } from './push';
import { selfSigned } from './token-service';

const MANIFEST = '{"schemaVersion":2,"layers":[],"config":{}}';

/** Servers that the tests of this file started, each on a port of its own. */
const servers: http.Server[] = [];
const transports: Transport[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const transport of transports.splice(0)) transport.close();
});

async function listen(server: http.Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serve(handler: http.RequestListener): Promise<string> {
  return listen(http.createServer(handler));
}

function newTransport(environment: Record<string, string> = {}, certificates?: string): Transport {
  const transport = new Transport({ environment, certificates });
  transports.push(transport);
  return transport;
}

function client(registry: string, transport = newTransport()): RepositoryClient {
  const auths = { [registry]: { username: 'me', password: 'hunter2' } };
  const credentials = new CredentialStore({ HOME: '/nonexistent', DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) });
  const schedule = { attempts: 2, firstDelayMs: 1, longestDelayMs: 1, sleep: () => Promise.resolve() };
  return new RepositoryClient({ registry, repository: 'app', tag: '1' }, { transport, credentials, schedule });
}

describe('redirects', () => {
  test('leave the login behind on the way to another host', async () => {
    const seen: (string | undefined)[] = [];
    const storage = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end(MANIFEST);
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
      else response.writeHead(307, { location: `http://${storage}/presigned` });
      response.end();
    });
    await expect(client(registry).manifest()).resolves.toMatchObject({ digest: sha256(MANIFEST) });
    expect(seen).toEqual([undefined]);
  });

  test('do not make the client answer the challenge of another host', async () => {
    const seen: (string | undefined)[] = [];
    const thief = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    const registry = await serve((_, response) => response.writeHead(302, { location: `http://${thief}/` }).end());
    await expect(client(registry).manifest()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toEqual([undefined]);
  });

  test('end after five', async () => {
    const registry = await serve((request, response) => response.writeHead(302, { location: `${request.url}x` }).end());
    await expect(client(registry).manifest()).rejects.toMatchObject({ code: 'untrusted' });
  });

  test('fail where they lead nowhere', async () => {
    const registry = await serve((_, response) => response.writeHead(302, { location: 'http://[' }).end());
    await expect(client(registry).manifest()).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('the realm of a challenge', () => {
  test.each(['http://auth.example/token', 'ftp://auth.example/', 'file:///etc/passwd'])('is not %s', async (realm) => {
    const header = { 'www-authenticate': `Bearer realm="${realm}",service="x"` };
    const registry = await serve((_, response) => response.writeHead(401, header).end());
    await expect(client(registry).manifest()).rejects.toMatchObject({ code: 'untrusted' });
  });

  test.each(['', 'not a URL'])('is not %j', async (realm) => {
    const header = { 'www-authenticate': `Bearer realm="${realm}"` };
    const registry = await serve((_, response) => response.writeHead(401, header).end());
    await expect(client(registry).manifest()).rejects.toMatchObject({ code: 'malformed' });
  });

  test.each([
    ['https://registry.example', 'http://auth.example/'],
    ['https://registry.example', 'http://127.0.0.1/'],
    ['https://registry.example', 'https://127.0.0.1/'],
    ['https://registry.example', 'https://169.254.169.254/latest/meta-data'],
    ['https://registry.example', 'https://[fd00:ec2::254]/'],
    ['https://registry.example', 'https://[::ffff:169.254.169.254]/'],
    ['https://registry.example', 'https://0x7f000001/'],
    ['https://registry.example', 'https://localhost./'],
  ])('of %s cannot be %s', (from, to) => {
    expect(() => assertTrustworthy(new URL(from), new URL(to), 'login')).toThrow();
  });

  test.each([
    ['https://registry-1.docker.io', 'https://auth.docker.io/token'],
    ['https://registry.corp.example', 'https://10.0.0.7/token'],
    ['http://localhost:5000', 'http://127.0.0.1:5001/token'],
  ])('of %s can be %s', (from, to) => {
    expect(() => assertTrustworthy(new URL(from), new URL(to), 'login')).not.toThrow();
  });
});

describe('hosts', () => {
  test.each(['localhost', '127.0.0.1', '127.8.8.8', '[::1]', 'x.localhost', 'LOCALHOST.'])('%s is loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(isLocal(host)).toBe(true);
  });

  test.each(['localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost', '10.0.0.1'])(
    '%s is not local',
    (host) => {
      expect(isLoopback(host)).toBe(false);
      expect(isLocal(host)).toBe(false);
    },
  );
});

describe('a proxy', () => {
  const keys = selfSigned('registry.example');

  /** A proxy that takes every name for the given port of loopback. */
  function proxyTo(host: string, tunnels: string[], answer = 'HTTP/1.1 200 OK\r\n\r\n'): Promise<string> {
    const server = http.createServer();
    server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`);
      socket.write(answer);
      if (!answer.includes('200')) return socket.end();
      const upstream = connect(Number(host.split(':')[1]), '127.0.0.1');
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on('error', () => undefined);
      return undefined;
    });
    return listen(server);
  }

  async function registryBehindProxy(): Promise<string> {
    const options = { key: keys.key, cert: keys.certificate };
    return listen(https.createServer(options, (_, response) => response.end(MANIFEST)));
  }

  test('is gone through by CONNECT, with its own login, and the tunnel is used again', async () => {
    const tunnels: string[] = [];
    const proxy = await proxyTo(await registryBehindProxy(), tunnels);
    const transport = newTransport({ HTTPS_PROXY: `http://user:p%40ss@${proxy}` }, keys.certificate);
    const repository = client('registry.example', transport);
    await expect(repository.manifest()).resolves.toMatchObject({ digest: sha256(MANIFEST) });
    await repository.manifest();
    expect(tunnels).toEqual([`registry.example:443 Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
  });

  test('cannot stand in for the registry', async () => {
    const proxy = await proxyTo(await registryBehindProxy(), []);
    const transport = newTransport({ HTTPS_PROXY: `http://${proxy}` }, keys.certificate);
    await expect(client('other.example', transport).manifest()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(client('registry.example', newTransport({ HTTPS_PROXY: proxy })).manifest()).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  test('that refuses is named', async () => {
    const proxy = await proxyTo('127.0.0.1:1', [], 'HTTP/1.1 403 Forbidden\r\n\r\n');
    const transport = newTransport({ HTTPS_PROXY: `http://${proxy}` });
    await expect(client('registry.example', transport).manifest()).rejects.toThrow(
      `the proxy ${proxy} refused a connection to registry.example:443: 403`,
    );
  });
});
