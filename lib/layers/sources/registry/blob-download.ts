import { createHash, type Hash } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { Descriptor } from './descriptor';
import { RegistryError, TransientFailure } from './registry-error';
import { retrying, type RetrySchedule } from './retry';
import { networkFailure, type HttpResponse } from './transport';

/** Where a blob goes. */
export interface BlobTarget {
  /** The file to write; it is there only after the digest was verified. */
  readonly path: string;
  /** Told of every piece that has arrived, for a progress bar. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Downloads a blob into a file.
 *
 * @param openAt asks the registry for the blob's bytes from an offset on
 * @throws RegistryError `digest-mismatch`; the file is then gone
 */
export async function downloadBlob(
  descriptor: Descriptor,
  openAt: (offset: number) => Promise<HttpResponse>,
  target: BlobTarget,
  schedule: RetrySchedule,
): Promise<void> {
  const file = await open(target.path, 'w', 0o600);
  try {
    const partial = new PartialBlob(descriptor, file, target);
    await retrying(async (progress) => partial.continue(await openAt(partial.sizeBytes), progress), schedule);
    partial.verify();
  } catch (error) {
    await unlink(target.path);
    throw error;
  } finally {
    await file.close();
  }
}

/** As much of a blob as has arrived, and the hash of that. */
class PartialBlob {
  public sizeBytes = 0;
  private hash: Hash;

  public constructor(
    private readonly descriptor: Descriptor,
    private readonly file: FileHandle,
    private readonly target: BlobTarget,
  ) {
    this.hash = this.newHash();
  }

  /** Appends what the registry sends; starts over when it ignored the range that was asked for. */
  public async continue(response: HttpResponse, progress: () => void): Promise<void> {
    if (this.sizeBytes > 0 && !this.continuesHere(response)) await this.restart();
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        await this.append(chunk);
        progress();
      }
    } catch (error) {
      if (!this.complete) throw networkFailure(response.url, error as Error);
    }
    if (this.complete) return;
    throw new TransientFailure(`${response.url.host} sent ${this.sizeBytes} of ${this.descriptor.sizeBytes} bytes`);
  }

  public verify(): void {
    const [algorithm] = this.descriptor.digest.split(':');
    const actual = `${algorithm}:${this.hash.digest('hex')}`;
    if (actual === this.descriptor.digest) return;
    throw new RegistryError('digest-mismatch', `the registry sent ${actual} in place of ${this.descriptor.digest}`);
  }

  private get complete(): boolean {
    return this.sizeBytes === this.descriptor.sizeBytes;
  }

  private continuesHere(response: HttpResponse): boolean {
    const range = response.headers['content-range'] ?? '';
    return response.status === 206 && range.startsWith(`bytes ${this.sizeBytes}-`);
  }

  private async append(chunk: Buffer): Promise<void> {
    if (this.sizeBytes + chunk.length > this.descriptor.sizeBytes) {
      throw new RegistryError('digest-mismatch', `${this.descriptor.digest} is longer than the manifest says`);
    }
    await this.file.write(chunk, 0, chunk.length, this.sizeBytes);
    this.hash.update(chunk);
    this.sizeBytes += chunk.length;
    this.target.onBytes?.(chunk.length);
  }

  private async restart(): Promise<void> {
    this.target.onBytes?.(-this.sizeBytes);
    this.sizeBytes = 0;
    this.hash = this.newHash();
    await this.file.truncate(0);
  }

  private newHash(): Hash {
    return createHash(this.descriptor.digest.split(':')[0]);
  }
}
