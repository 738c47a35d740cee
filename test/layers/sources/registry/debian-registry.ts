import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's package of the reference registry (`apt-get install docker-registry`). */
export const registryIsInstalled = spawnSync('docker-registry', ['--version']).status === 0;

export const skipReason = registryIsInstalled ? '' : ' (skipped: docker-registry is not installed)';

/** The login of a registry that demands one, and its hash (bcrypt, the only kind that the registry takes). */
export const LOGIN = { username: 'tester', password: 's3cret' };
const HTPASSWD = `${LOGIN.username}:$2b$04$q7B6BHI0SelKtwTgGpTVqepME8tNgLn0FjaC481/t7e/tG3QZDQXi\n`;

export interface TokenAuth {
  readonly realm: string;
  /** PEM of the certificate whose key signs the tokens. */
  readonly certificate: string;
}

export interface RunningRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  stop(): void;
}

/** Starts a registry with an empty store on a free port of loopback. */
export async function startRegistry(auth?: 'basic' | TokenAuth): Promise<RunningRegistry> {
  const directory = mkdtempSync(join(tmpdir(), 'registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(directory, 'config.yml');
  writeFileSync(config, JSON.stringify(configuration(directory, host, auth)));
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  await answering(host, child);
  return {
    host,
    stop: () => {
      child.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** JSON is YAML, too. */
function configuration(directory: string, host: string, auth: 'basic' | TokenAuth | undefined): object {
  writeFileSync(join(directory, 'htpasswd'), HTPASSWD);
  return {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, 'store') } },
    http: { addr: host },
    ...(auth === undefined ? {} : { auth: authConfiguration(directory, auth) }),
  };
}

function authConfiguration(directory: string, auth: 'basic' | TokenAuth): object {
  if (auth === 'basic') return { htpasswd: { realm: 'tests', path: join(directory, 'htpasswd') } };
  const rootcertbundle = join(directory, 'token.pem');
  writeFileSync(rootcertbundle, auth.certificate);
  return { token: { realm: auth.realm, service: 'registry.tests', issuer: 'tests', rootcertbundle } };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answering(host: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
    if (await fetch(`http://${host}/v2/`).catch(() => undefined)) return;
    await sleep(50);
  }
  throw new Error('docker-registry does not answer');
}
