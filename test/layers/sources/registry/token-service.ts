import { execFileSync } from 'node:child_process';
import { createSign, randomUUID } from 'node:crypto';
import * as http from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** A fresh key and a certificate that it signed itself, for 127.0.0.1 and the given names. */
export function selfSigned(...names: string[]): KeyPair {
  const directory = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const alternatives = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=tests'];
  execFileSync(
    'openssl',
    [...request, '-addext', `subjectAltName=${alternatives}`, '-keyout', key, '-out', certificate],
    {
      stdio: 'ignore',
    },
  );
  const pair = { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  rmSync(directory, { recursive: true });
  return pair;
}

/** What a client asked the token service. */
export interface TokenRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization?: string;
}

/** A token service as the distribution project specifies it, with real signatures. */
export class TokenService {
  public readonly requests: TokenRequest[] = [];
  /** Whether a request deserves a token. */
  public admits: (request: TokenRequest) => boolean = () => true;
  private readonly server = http.createServer((request, response) => void this.handle(request, response));

  public constructor(private readonly keys: KeyPair) {}

  public async start(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
  }

  public get realm(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** A token for pulling and pushing, as a registry takes it. */
  public token(repository: string, actions: readonly string[] = ['pull', 'push']): string {
    const seconds = Math.floor(Date.now() / 1000);
    const certificate = this.keys.certificate.replace(/-----[^-]+-----|\s/g, '');
    const header = { typ: 'JWT', alg: 'RS256', x5c: [certificate] };
    const access = [{ type: 'repository', name: repository, actions }];
    const claims = { iss: 'tests', sub: 'tests', aud: 'registry.tests', access, jti: randomUUID() };
    const times = { iat: seconds, nbf: seconds - 60, exp: seconds + 300 };
    const text = [header, { ...claims, ...times }].map((part) => encode(JSON.stringify(part))).join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.keys.key, 'base64url')}`;
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const asked = await tokenRequest(request);
    this.requests.push(asked);
    if (!this.admits(asked)) {
      response.writeHead(401).end('{}');
      return;
    }
    const [, repository] = (asked.query.scope ?? asked.form.scope).split(':');
    const name = asked.method === 'POST' ? 'access_token' : 'token';
    response.end(JSON.stringify({ [name]: this.token(repository, ['pull']) }));
  }
}

async function tokenRequest(request: http.IncomingMessage): Promise<TokenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: request.method ?? '',
    query: Object.fromEntries(new URL(request.url ?? '', 'http://tests').searchParams),
    form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
    authorization: request.headers.authorization,
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
