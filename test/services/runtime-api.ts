import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a function handed back to the runtime API. */
export interface RuntimeReport {
  /** `response`, `error`, or `init/error`. */
  readonly kind: string;
  readonly requestId?: string;
  readonly body: unknown;
  readonly errorType?: string;
}

/**
 * The runtime API of Lambda, as far as a function sees it: hands out the given events, and collects what comes back. After the last
 * event it keeps the function waiting, as Lambda does with one that it freezes.
 */
export async function runtimeApi(events: unknown[]) {
  const reports: RuntimeReport[] = [];
  const waiting = [...events];
  let done = () => {};
  const finished = new Promise<void>((resolve) => (done = resolve));
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (path === 'invocation/next') {
      if (waiting.length === 0) return;
      const id = `request-${events.length - waiting.length}`;
      const body = JSON.stringify(waiting.shift());
      response.writeHead(200, {
        // As the real one does; aws-lambda-cpp, on which AWS's clients rest, waits for ever without it.
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'Lambda-Runtime-Aws-Request-Id': id,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + 30_000),
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-west-1:123456789012:function:example',
        'Lambda-Runtime-Trace-Id': `Root=${id}`,
      });
      response.end(body);
      return;
    }
    void bodyOf(request).then((body) => {
      const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [undefined, undefined, path];
      reports.push({
        kind,
        requestId,
        body: JSON.parse(body),
        errorType: request.headers['lambda-runtime-function-error-type'] as string,
      });
      response.writeHead(202).end('{}');
      if (reports.length === events.length || kind === 'init/error') done();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const giveUp = () => done();
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, reports, finished, giveUp, stop };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
