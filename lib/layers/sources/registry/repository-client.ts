import { createHash } from 'node:crypto';
import { Authorizer } from './authorizer';
import type { CredentialStore } from './credentials';
import { downloadBlob, type BlobTarget } from './blob-download';
import type { Descriptor } from './descriptor';
import { displayName, isDigest, manifestName, repositoryUrl, type RegistryImage } from './endpoint';
import { parseObject, readBody } from './json-body';
import { ACCEPTED_MANIFESTS } from './media-types';
import { RegistryError } from './registry-error';
import { retrying, type RetrySchedule } from './retry';
import { transientStatus } from './status';
import type { HttpRequest, HttpResponse, Transport } from './transport';

/** The distribution specification asks registries to take manifests of at least 4 MiB; none of a real image comes near. */
const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;

/** What all repositories of one run share. */
export interface RegistrySession {
  readonly transport: Transport;
  readonly credentials: CredentialStore;
  readonly schedule: RetrySchedule;
}

/** A manifest or index as the registry holds it, its digest verified. */
export interface StoredManifest extends Descriptor {
  readonly json: Readonly<Record<string, unknown>>;
}

/** Reads one repository of a registry that speaks the OCI distribution API. */
export class RepositoryClient {
  private readonly base: URL;
  private readonly name: string;
  private readonly authorizer: Authorizer;

  public constructor(
    private readonly image: RegistryImage,
    private readonly session: RegistrySession,
  ) {
    this.base = repositoryUrl(image);
    this.name = displayName(image);
    this.authorizer = new Authorizer({
      transport: session.transport,
      registry: image.registry,
      repository: image.repository,
      credentials: () => session.credentials.find(image.registry, image.repository),
    });
  }

  /**
   * The digest that the image's tag stands for now. Asks by HEAD, which Docker Hub does not count against its pull limit, and reads the
   * manifest only where a registry tells no digest.
   */
  public resolve(): Promise<string> {
    if (this.image.digest !== undefined) return Promise.resolve(this.image.digest);
    return retrying(async () => {
      const response = await this.get(`manifests/${manifestName(this.image)}`, { accept: ACCEPTED_MANIFESTS }, 'HEAD');
      response.body.resume();
      const digest = digestHeader(response);
      return digest ?? (await this.manifest()).digest;
    }, this.session.schedule);
  }

  /**
   * A manifest or index, by its digest, or else the one that the image's tag or digest stands for.
   *
   * @throws RegistryError `digest-mismatch` when the bytes are not those that were asked for
   */
  public manifest(digest?: string): Promise<StoredManifest> {
    const name = manifestName(digest === undefined ? this.image : { ...this.image, digest });
    return retrying(async () => {
      const response = await this.get(`manifests/${name}`, { accept: ACCEPTED_MANIFESTS });
      const bytes = await readBody(response, MANIFEST_LIMIT_BYTES, `the manifest of ${this.name}`);
      return this.checkedManifest(response, bytes, isDigest(name) ? name : digestHeader(response));
    }, this.session.schedule);
  }

  /** A small blob, such as an image configuration, into memory. */
  public blob(descriptor: Descriptor, limitBytes: number): Promise<Buffer> {
    if (descriptor.sizeBytes > limitBytes) {
      const size = `${descriptor.sizeBytes} bytes, more than ${limitBytes}`;
      return Promise.reject(new RegistryError('too-large', `blob ${descriptor.digest} of ${this.name} has ${size}`));
    }
    return retrying(async () => {
      const response = await this.get(`blobs/${descriptor.digest}`, {});
      const bytes = await readBody(response, descriptor.sizeBytes, `blob ${descriptor.digest}`);
      return this.verified(bytes, descriptor.digest);
    }, this.session.schedule);
  }

  /** A layer into a file; goes on where a cut connection left off, and verifies size and digest. */
  public download(descriptor: Descriptor, target: BlobTarget): Promise<void> {
    const open = (from: number) =>
      this.get(`blobs/${descriptor.digest}`, from === 0 ? {} : { range: `bytes=${from}-` });
    return downloadBlob(descriptor, open, target, this.session.schedule);
  }

  private async get(
    path: string,
    headers: Record<string, string>,
    method: 'GET' | 'HEAD' = 'GET',
  ): Promise<HttpResponse> {
    const request = { method, url: new URL(path, this.base), headers };
    const response = await this.authorized(request);
    const transient = transientStatus(response);
    if (transient) throw transient;
    if (response.status === 200 || response.status === 206) return response;
    throw await this.failure(response, path);
  }

  private async authorized(request: HttpRequest): Promise<HttpResponse> {
    const { authorization } = this.authorizer.headers();
    const response = await this.send(request);
    if (response.status !== 401 || response.url.origin !== this.base.origin) return response;
    response.body.resume();
    await this.authorizer.answer(response, authorization);
    return this.send(request);
  }

  private send(request: HttpRequest): Promise<HttpResponse> {
    return this.session.transport.send({ ...request, headers: { ...request.headers, ...this.authorizer.headers() } });
  }

  private async failure(response: HttpResponse, path: string): Promise<RegistryError> {
    const said = await errorText(response);
    if (response.status === 401 || response.status === 403) {
      return this.authorizer.refusal(this.authorizer.headers().authorization !== undefined);
    }
    if (response.status === 404) return new RegistryError('not-found', `${this.base.host} has no ${this.name}${said}`);
    return new RegistryError('malformed', `${this.base.host} answered ${response.status} to ${path}${said}`);
  }

  private checkedManifest(response: HttpResponse, bytes: Buffer, expected: string | undefined): StoredManifest {
    const digest = expected ?? digestOf(bytes, 'sha256');
    this.verified(bytes, digest);
    const json = parseObject(bytes, `the manifest of ${this.name}`);
    const declared = typeof json.mediaType === 'string' ? json.mediaType : undefined;
    const mediaType = declared ?? (response.headers['content-type'] ?? '').split(';')[0].trim();
    return { mediaType, digest, sizeBytes: bytes.length, json };
  }

  private verified(bytes: Buffer, digest: string): Buffer {
    const actual = digestOf(bytes, digest.split(':')[0]);
    if (actual === digest) return bytes;
    throw new RegistryError(
      'digest-mismatch',
      `${this.base.host} sent ${actual} in place of ${digest} of ${this.name}`,
    );
  }
}

function digestOf(bytes: Buffer, algorithm: string): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

function digestHeader(response: HttpResponse): string | undefined {
  const header = response.headers['docker-content-digest'];
  return typeof header === 'string' && isDigest(header) ? header : undefined;
}

/** What the registry says of an error, in the distribution specification's form. */
async function errorText(response: HttpResponse): Promise<string> {
  try {
    const { errors } = parseObject(await readBody(response, 64 * 1024, 'an error'), 'an error');
    const [first] = errors as { code?: string; message?: string }[];
    const text = first.message ?? first.code;
    return text ? `: ${text}` : '';
  } catch {
    return '';
  }
}
