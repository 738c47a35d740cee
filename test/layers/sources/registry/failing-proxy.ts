import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request on its way to the registry. */
export type Misfortune =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Ends the connection after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Flips a bit of the body's first byte. */
  | { readonly kind: 'corrupt' }
  /** Leaves the range of the request out, as a server does that knows none. */
  | { readonly kind: 'ignore-range' }
  /** Says nothing at all. */
  | { readonly kind: 'silence' };

export type Fate = (request: http.IncomingMessage) => Misfortune | undefined;

/** A reverse proxy in front of a registry that lets a test decide what goes wrong. */
export class FailingProxy {
  public fate: Fate = () => undefined;
  /** Every request that came: `GET /v2/...`. */
  public readonly requests: string[] = [];
  public readonly ranges: string[] = [];
  private readonly server = http.createServer((request, response) => this.handle(request, response));

  public constructor(private readonly target: string) {}

  public async start(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
  }

  public get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (request.headers.range !== undefined) this.ranges.push(request.headers.range);
    const misfortune = this.fate(request);
    if (misfortune?.kind === 'silence') return;
    if (misfortune?.kind === 'answer') {
      response.writeHead(misfortune.status, misfortune.headers).end(misfortune.body);
      return;
    }
    this.forward(request, response, misfortune);
  }

  private forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    misfortune: Misfortune | undefined,
  ): void {
    const headers = { ...request.headers, host: this.target };
    if (misfortune?.kind === 'ignore-range') delete headers.range;
    const upstream = http.request(
      `http://${this.target}${request.url}`,
      { method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => deliver(response, Buffer.concat(chunks), misfortune));
      },
    );
    request.pipe(upstream);
  }
}

function deliver(response: http.ServerResponse, body: Buffer, misfortune: Misfortune | undefined): void {
  if (misfortune?.kind === 'cut') {
    response.write(body.subarray(0, misfortune.afterBytes), () => response.destroy());
    return;
  }
  if (misfortune?.kind === 'corrupt') body[0] ^= 1;
  response.end(body);
}
