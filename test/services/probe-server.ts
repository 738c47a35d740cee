import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer } from 'node:net';

/** A server on the loopback, and the port that it listens on. */
export interface TestServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers `/status/NNN` with that status, `/slow` never, and everything else with 404. */
export function startHttpServer(): Promise<TestServer> {
  return listen(
    createHttpServer((request, response) => {
      const status = /^\/status\/(\d{3})$/.exec(request.url ?? '')?.[1];
      if (request.url === '/slow') return;
      response.writeHead(Number(status ?? 404)).end('body');
    }),
  );
}

/** Accepts connections and answers with something that is neither HTTP/1 nor HTTP/2. */
export function startBabblingServer(): Promise<TestServer> {
  return listen(
    createTcpServer((socket) => socket.on('error', () => undefined).end('220 mail.example.com ESMTP ready\r\n')),
  );
}

/** A gRPC health service: `up` and the server itself are SERVING, `down` is not, `slow` never answers, the rest is unknown. */
export function startGrpcServer(): Promise<TestServer> {
  const server = createHttp2Server();
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const service = Buffer.concat(chunks).subarray(7).toString();
      if (service === 'slow') return;
      const status = headers[':path'] === '/grpc.health.v1.Health/Check' ? STATUSES.get(service) : undefined;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: status !== undefined });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(status === undefined ? undefined : Buffer.from([0, 0, 0, 0, 2, 8, status]));
    });
  });
  return listen(server);
}

const STATUSES = new Map([
  ['', 1],
  ['up', 1],
  ['down', 2],
]);

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await startBabblingServer();
  await server.close();
  return server.port;
}

function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            sockets.forEach((socket) => socket.destroy());
            server.close(() => closed());
          }),
      });
    });
  });
}
