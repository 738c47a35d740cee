import { createHash, randomBytes } from 'node:crypto';

export interface PushedImage {
  readonly digest: string;
  readonly layers: readonly string[];
}

export interface PushOptions {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  /** Value of the Authorization header. */
  readonly authorization?: string;
}

const OCI = 'application/vnd.oci.image';

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Uploads to a registry as a plain client does: a POST and a PUT for each blob, a PUT for each manifest. */
export class Pusher {
  public constructor(private readonly options: PushOptions) {}

  /** Pushes an image; layers of random bytes unless they are given. */
  public async image(
    layers: readonly Uint8Array[] = [randomBytes(300_000), randomBytes(20_000)],
    configuration: object = {
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [] },
      config: {},
    },
    tag = this.options.tag,
  ): Promise<PushedImage> {
    const config = Buffer.from(JSON.stringify(configuration));
    for (const blob of [config, ...layers]) await this.blob(blob);
    const manifest = {
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config: descriptor(`${OCI}.config.v1+json`, config),
      layers: layers.map((layer) => descriptor(`${OCI}.layer.v1.tar+gzip`, layer)),
    };
    return { digest: await this.manifest(manifest, tag), layers: layers.map(sha256) };
  }

  /** Pushes an index over images that are there already. */
  public async index(
    entries: readonly { digest: string; platform?: object }[],
    tag = this.options.tag,
  ): Promise<string> {
    const manifests = await Promise.all(
      entries.map(async ({ digest, platform }) => {
        const bytes = await this.read(digest);
        return { mediaType: `${OCI}.manifest.v1+json`, digest, size: bytes.length, platform };
      }),
    );
    return this.manifest({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests }, tag);
  }

  public async manifest(
    manifest: { mediaType: string; [member: string]: unknown },
    tag = this.options.tag,
  ): Promise<string> {
    const bytes = JSON.stringify(manifest);
    await this.send('PUT', this.url(`manifests/${tag}`), bytes, manifest.mediaType);
    return sha256(bytes);
  }

  private async blob(bytes: Uint8Array): Promise<void> {
    const started = await this.send('POST', this.url('blobs/uploads/'));
    const location = new URL(started.headers.get('location') ?? '', this.url(''));
    location.searchParams.set('digest', sha256(bytes));
    await this.send('PUT', location, bytes, 'application/octet-stream');
  }

  private async read(digest: string): Promise<Buffer> {
    const headers = { accept: `${OCI}.manifest.v1+json`, ...this.login() };
    const response = await fetch(this.url(`manifests/${digest}`), { headers });
    return Buffer.from(await response.arrayBuffer());
  }

  private async send(method: string, url: URL, body?: Uint8Array | string, type?: string): Promise<Response> {
    const headers = { ...this.login(), ...(type === undefined ? {} : { 'content-type': type }) };
    const response = await fetch(url, { method, headers, body });
    if (!response.ok) throw new Error(`${method} ${url.pathname}: ${response.status} ${await response.text()}`);
    return response;
  }

  private login(): Record<string, string> {
    return this.options.authorization === undefined ? {} : { authorization: this.options.authorization };
  }

  private url(path: string): URL {
    return new URL(`http://${this.options.host}/v2/${this.options.repository}/${path}`);
  }
}

function descriptor(mediaType: string, bytes: Uint8Array): object {
  return { mediaType, digest: sha256(bytes), size: bytes.length };
}
