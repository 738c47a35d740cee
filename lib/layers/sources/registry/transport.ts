import * as http from 'node:http';
import * as https from 'node:https';
import { isLocal } from './hosts';
import { proxyFor, TunnelAgent, type Environment } from './proxy';
import { RegistryError, TransientFailure } from './registry-error';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** The URL that answered, after redirects. */
  readonly url: URL;
  /** Has to be read to the end or destroyed. */
  readonly body: http.IncomingMessage;
}

export interface TransportOptions {
  /** Where the proxy variables are read from. */
  readonly environment: Environment;
  /**
   * Silence after which a connection counts as cut, in milliseconds.
   *
   * @default 30000
   */
  readonly idleTimeoutMs?: number;
  /**
   * Certificates to trust besides those that Node trusts (`NODE_EXTRA_CA_CERTS` is honoured by Node itself).
   *
   * @default - none
   */
  readonly certificates?: string;
}

const USER_AGENT = 'cdk-distroless';
const MAX_REDIRECTS = 5;
const DEFAULT_IDLE_TIMEOUT_MS = 30_000;

/** Errors of the way to a server that are final: nobody there, or somebody who cannot prove who he is. */
const FINAL_NETWORK_ERRORS = /^(ENOTFOUND|ECONNREFUSED|ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|EPROTO|HPE_)/;

/** Sends HTTP requests: connections kept open, proxies, redirects that lose nothing on the way to another host. */
export class Transport {
  private readonly agents = new Map<string, http.Agent>();

  public constructor(private readonly options: TransportOptions) {}

  /**
   * Sends a request and follows redirects. Authorization does not leave the origin that it was meant for: presigned storage URLs
   * refuse a second one, and a hostile registry must not collect it for another host.
   *
   * @throws TransientFailure when the connection fails in a way that may pass
   * @throws RegistryError `untrusted` on a redirect that no honest registry would send
   */
  public async send(request: HttpRequest): Promise<HttpResponse> {
    let current = request;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.sendOnce(current);
      const next = redirectTarget(response);
      if (next === undefined) return response;
      response.body.resume();
      assertTrustworthy(current.url, next, 'redirect');
      current = redirected(current, next);
    }
    throw new RegistryError('untrusted', `${request.url.host} redirects more than ${MAX_REDIRECTS} times`);
  }

  /** Closes the connections that are kept open. */
  public close(): void {
    for (const agent of this.agents.values()) agent.destroy();
    this.agents.clear();
  }

  private sendOnce(request: HttpRequest): Promise<HttpResponse> {
    const { url } = request;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(networkFailure(url, error));
      const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
        method: request.method,
        headers: { 'user-agent': USER_AGENT, ...request.headers },
        agent: this.agentFor(url),
        ca: this.options.certificates,
      });
      outgoing.setTimeout(this.options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS, () =>
        outgoing.destroy(new Error('the connection fell silent')),
      );
      outgoing.once('error', fail);
      outgoing.once('response', (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, url, body }));
      outgoing.end(request.body);
    });
  }

  private agentFor(url: URL): http.Agent {
    const proxy = proxyFor(url, this.options.environment);
    const key = `${url.protocol} ${proxy?.href ?? ''}`;
    const agent = this.agents.get(key) ?? newAgent(url, proxy);
    this.agents.set(key, agent);
    return agent;
  }
}

function newAgent(url: URL, proxy: URL | undefined): http.Agent {
  if (proxy) return new TunnelAgent(proxy);
  return url.protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
}

/**
 * Refuses to be sent from a registry to a place that it has no business with: from https to http, or from elsewhere to this machine
 * or a metadata service.
 */
export function assertTrustworthy(from: URL, to: URL, what: string): void {
  if (to.protocol !== 'https:' && !(to.protocol === 'http:' && from.protocol === 'http:')) {
    throw new RegistryError(
      'untrusted',
      `${from.host} sends a ${what} to ${to.protocol}//${to.host}, which is not https`,
    );
  }
  if (isLocal(to.hostname) && !isLocal(from.hostname)) {
    throw new RegistryError('untrusted', `${from.host} sends a ${what} to the local address ${to.host}`);
  }
  if (to.protocol === 'http:' && !isLocal(to.hostname)) {
    throw new RegistryError('untrusted', `${from.host} sends a ${what} to ${to.host} over plain http`);
  }
}

function redirectTarget(response: HttpResponse): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = response.headers.location ?? '';
  if (location === '' || !URL.canParse(location, response.url.href)) {
    throw new RegistryError(
      'malformed',
      `${response.url.host} redirects to ${JSON.stringify(location)}, which is not a URL`,
    );
  }
  return new URL(location, response.url);
}

function redirected(request: HttpRequest, url: URL): HttpRequest {
  if (request.method === 'POST') {
    throw new RegistryError('untrusted', `${request.url.host} redirects a request that carries a login`);
  }
  if (url.origin === request.url.origin) return { ...request, url };
  return { ...request, url, headers: withoutAuthorization(request.headers) };
}

function withoutAuthorization(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

/** Names a failure of the network, and says whether trying again makes sense. */
export function networkFailure(url: URL, error: Error): Error {
  if (error instanceof RegistryError || error instanceof TransientFailure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const message = `cannot reach ${url.host}: ${error.message || code}`;
  if (FINAL_NETWORK_ERRORS.test(code)) return new RegistryError('unreachable', message, { cause: error });
  return new TransientFailure(message);
}
