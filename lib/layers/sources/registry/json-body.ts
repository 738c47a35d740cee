import type { HttpResponse } from './transport';
import { networkFailure } from './transport';
import { RegistryError, TransientFailure } from './registry-error';

/**
 * Reads the body of an answer, whole.
 *
 * @param limitBytes what may be read at most: a registry could send a JSON document without an end
 */
export async function readBody(response: HttpResponse, limitBytes: number, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limitBytes) throw new RegistryError('too-large', `${what} is larger than ${limitBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFailure(response.url, error as Error);
  }
  assertComplete(response, size);
  return Buffer.concat(chunks);
}

/** Node reports a connection cut inside a body, but a proxy may end a short body properly. */
function assertComplete(response: HttpResponse, size: number): void {
  const announced = response.headers['content-length'];
  if (announced !== undefined && response.headers['content-encoding'] === undefined && Number(announced) !== size) {
    throw new TransientFailure(`${response.url.host} sent ${size} of ${announced} bytes`);
  }
}

/** Parses JSON that must be an object. */
export function parseObject(bytes: Buffer, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new RegistryError('malformed', `${what} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RegistryError('malformed', `${what} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}
