import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sha256 } from './cache-folder';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Docker spends longer on unpacking than on fetching from loopback, so the cheapest compression wins. */
const COMPRESSION = { level: 1 };

export interface Blob {
  readonly digest: string;
  readonly size: number;
}

export interface Layer extends Blob {
  readonly diffId: string;
}

/** Turns an uncompressed archive into a layer. */
export type Seal = (archive: Buffer | Readable) => Promise<Layer>;

/** The part of an image configuration that a `docker run` looks at. */
export interface RunConfig {
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
}

/** Go's name of the machine's architecture, as image configurations have it. */
export const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

/** An OCI image layout on disk that remembers which layer it made from what. Same input, same digest. */
export class OciLayout {
  private readonly blobs: string;
  private readonly memory: string;
  private readonly manifests: object[] = [];
  private serial = 0;

  public constructor(public readonly directory: string) {
    this.blobs = join(directory, 'blobs', 'sha256');
    this.memory = join(directory, 'layers');
    for (const folder of [this.blobs, this.memory]) mkdirSync(folder, { recursive: true });
  }

  /** The layer that was made under this key, or else the one that `make` makes now, by sealing an archive. */
  public async layer(key: string, make: (seal: Seal) => Promise<Layer>): Promise<Layer> {
    const remembered = join(this.memory, `${sha256(key)}.json`);
    if (existsSync(remembered)) {
      const layer = JSON.parse(readFileSync(remembered, 'utf8')) as Layer;
      if (existsSync(this.pathOf(layer.digest))) return layer;
    }
    const layer = await make((archive) => this.compress(archive));
    this.write(remembered, JSON.stringify({ ...layer, key }));
    return layer;
  }

  /** Adds an image under its full name, `gcr.io/distroless/static-debian13:nonroot`. */
  public addImage(reference: string, config: RunConfig, layers: readonly Layer[]): void {
    const platform = { architecture: ARCHITECTURE, os: 'linux' };
    const created = '1970-01-01T00:00:00Z';
    const configBlob = this.blob({
      ...platform,
      created,
      config,
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
      history: layers.map(() => ({ created, created_by: 'stand-in from Debian packages' })),
    });
    const manifest = this.blob({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: { mediaType: CONFIG_TYPE, ...configBlob },
      layers: layers.map(({ digest, size }) => ({ mediaType: LAYER_TYPE, digest, size })),
    });
    const annotations = { 'org.opencontainers.image.ref.name': reference };
    this.manifests.push({ mediaType: MANIFEST_TYPE, ...manifest, platform, annotations });
  }

  /** Writes the index: only now do the images exist for those who read the layout. */
  public close(): void {
    this.write(join(this.directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    this.write(join(this.directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: this.manifests }));
  }

  private blob(content: object): Blob {
    const bytes = Buffer.from(JSON.stringify(content));
    const digest = `sha256:${sha256(bytes)}`;
    this.write(this.pathOf(digest), bytes);
    return { digest, size: bytes.length };
  }

  private async compress(raw: Buffer | Readable): Promise<Layer> {
    const partial = this.partial();
    const plain = new Meter();
    const packed = new Meter();
    const source = Buffer.isBuffer(raw) ? new PassThrough().end(raw) : raw;
    await pipeline(source, plain, createGzip(COMPRESSION), packed, createWriteStream(partial));
    const digest = packed.digest();
    renameSync(partial, this.pathOf(digest));
    return { digest, size: packed.sizeBytes, diffId: plain.digest() };
  }

  private pathOf(digest: string): string {
    return join(this.blobs, digest.slice('sha256:'.length));
  }

  /** In one step, so that two runs may share the folder. */
  private write(path: string, content: string | Buffer): void {
    const partial = this.partial();
    writeFileSync(partial, content);
    renameSync(partial, path);
  }

  private partial(): string {
    return join(this.memory, `.partial-${process.pid}-${this.serial++}`);
  }
}

/** Counts and hashes what passes. */
class Meter extends Transform {
  public sizeBytes = 0;
  private readonly hash = createHash('sha256');

  public override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: null, chunk: Buffer) => void,
  ): void {
    this.sizeBytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }

  public digest(): string {
    return `sha256:${this.hash.digest('hex')}`;
  }
}
