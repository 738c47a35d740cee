import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/**
 * A read-only registry on loopback over an OCI layout. A process of its own, because the tests wait for Docker
 * synchronously while Docker waits for the registry: `node registry.js LAYOUT` prints its address and serves.
 */

const MANIFEST = /^\/v2\/(?<name>.+)\/manifests\/(?<reference>[^/]+)$/;
const BLOB = /^\/v2\/.+\/blobs\/(?<digest>[^/]+)$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

interface IndexEntry {
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export class Registry {
  public constructor(private readonly layout: string) {}

  /** Serves on a free port of loopback until the process ends. */
  public listen(onReady: (address: string) => void): void {
    const server = createServer((request, response) => this.answer(request, response));
    server.listen(0, '127.0.0.1', () => onReady(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://loopback').pathname);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'UNSUPPORTED');
    if (/^\/v2\/?$/.test(path))
      return send(request, response, Buffer.from('{}'), { 'content-type': 'application/json' });
    const { name, reference } = MANIFEST.exec(path)?.groups ?? {};
    if (name) return this.manifest(request, response, name, reference);
    const digest = BLOB.exec(path)?.groups?.digest;
    return digest ? this.blob(request, response, digest) : refuse(response, 404, 'NAME_UNKNOWN');
  }

  private manifest(request: IncomingMessage, response: ServerResponse, name: string, reference: string): void {
    const digest = DIGEST.test(reference) ? reference : this.digestOf(`${name}:${reference}`);
    const path = digest && this.pathOf(digest);
    if (!path) return refuse(response, 404, 'MANIFEST_UNKNOWN');
    const content = readFileSync(path);
    const { mediaType } = JSON.parse(content.toString()) as { mediaType: string };
    return send(request, response, content, { 'content-type': mediaType, 'docker-content-digest': digest });
  }

  private blob(request: IncomingMessage, response: ServerResponse, digest: string): void {
    const path = this.pathOf(digest);
    if (!path) return refuse(response, 404, 'BLOB_UNKNOWN');
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': statSync(path).size,
      'docker-content-digest': digest,
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(path).pipe(response);
  }

  /** Read anew each time: the layout may gain images while it is served. */
  private digestOf(reference: string): string | undefined {
    const index = JSON.parse(readFileSync(join(this.layout, 'index.json'), 'utf8')) as { manifests: IndexEntry[] };
    return index.manifests.find((entry) => entry.annotations['org.opencontainers.image.ref.name'] === reference)
      ?.digest;
  }

  private pathOf(digest: string): string | undefined {
    const path = join(this.layout, 'blobs', ...digest.split(':'));
    return DIGEST.test(digest) && existsSync(path) ? path : undefined;
  }
}

function send(request: IncomingMessage, response: ServerResponse, body: Buffer, headers: Record<string, string>): void {
  response.writeHead(200, { ...headers, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code }] }));
}

if (require.main === module) new Registry(process.argv[2]).listen((address) => console.log(address));
