import * as http from 'node:http';
import * as https from 'node:https';
import { BlockList, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { bareHost, isLoopback } from './hosts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that a request has to go through, by `HTTPS_PROXY` and `NO_PROXY` in either spelling. Loopback is never proxied; since
 * plain http is spoken to loopback only, `HTTP_PROXY` has no say.
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const variable = (name: string) => environment[name.toLowerCase()] || environment[name];
  const proxy = variable('HTTPS_PROXY') ?? variable('ALL_PROXY');
  if (!proxy || isExempt(url, variable('NO_PROXY') ?? '')) return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = bareHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const entries = noProxy.split(/[\s,]+/).filter((entry) => entry !== '');
  return entries.some((entry) => matchesEntry(entry.toLowerCase(), host, port));
}

/** `*`, `example.com`, `.example.com`, `*.example.com`, any of these with a port, an address, a CIDR range. */
function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(entry, host);
  const [, name, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `${entry}:` : entry) ?? ['', entry, ''];
  if (wantedPort && wantedPort !== port) return false;
  const suffix = bareHost(name.replace(/:$/, '')).replace(/^\*?\./, '');
  return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

function inRange(range: string, host: string): boolean {
  const [network, bits] = range.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

type ConnectionCallback = (error: Error | null, socket: Duplex) => void;

/** An agent that reaches https servers through a proxy's CONNECT, and keeps the tunnels open for further requests. */
export class TunnelAgent extends https.Agent {
  public constructor(private readonly proxy: URL) {
    super({ keepAlive: true });
  }

  public override createConnection(options: https.RequestOptions, done: ConnectionCallback = () => undefined): null {
    const target = `${options.host}:${options.port}`;
    const request = (this.proxy.protocol === 'https:' ? https : http).request({
      host: bareHost(this.proxy.hostname),
      port: this.proxy.port || (this.proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...this.authorization() },
      agent: false,
    });
    // Node looks at the socket only where there is no error, though its types want both.
    const fail = (error: Error) => done(error, undefined as unknown as Duplex);
    request.once('error', fail);
    request.once('connect', (response: http.IncomingMessage, socket: Socket) => {
      if (response.statusCode === 200) return done(null, secure(socket, options));
      socket.destroy();
      fail(new Error(`the proxy ${this.proxy.host} refused a connection to ${target}: ${response.statusCode}`));
    });
    request.end();
    return null;
  }

  private authorization(): Record<string, string> {
    if (this.proxy.username === '') return {};
    const login = `${decodeURIComponent(this.proxy.username)}:${decodeURIComponent(this.proxy.password)}`;
    return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  }
}

function secure(socket: Socket, options: https.RequestOptions): Socket {
  const host = options.host ?? '';
  return connectTls({ ca: options.ca, socket, ...(isIP(host) === 0 ? { servername: host } : { host }) });
}
