import { pullThroughMirrors, type Mirrors } from '../bases/mirrors';
import { tryParseLocation } from '../bases/reference';
import { InspectionError } from '../layers/inspection-error';
import { CredentialStore } from '../layers/sources/registry/credentials';
import { pullImage, type PulledImage, type PullOptions } from '../layers/sources/registry/pull';
import { RepositoryClient, type RegistrySession } from '../layers/sources/registry/repository-client';
import { DEFAULT_SCHEDULE } from '../layers/sources/registry/retry';
import { Transport } from '../layers/sources/registry/transport';

/** Images in registries, as somebody with these environment variables gets at them. */
export class RegistryImages {
  private readonly session: RegistrySession;

  public constructor(
    environment: Readonly<Record<string, string | undefined>>,
    private readonly mirrors: Mirrors | undefined,
  ) {
    this.session = {
      transport: new Transport({ environment }),
      credentials: new CredentialStore(environment),
      schedule: DEFAULT_SCHEDULE,
    };
  }

  /** Downloads what is needed of an image. */
  public pull(reference: string, options: PullOptions): Promise<PulledImage> {
    return pullImage(this.locate(reference), this.session, options);
  }

  /** The digest that a reference stands for in its registry now. */
  public resolve(reference: string): Promise<string> {
    return new RepositoryClient(this.locate(reference), this.session).resolve();
  }

  /** Closes the connections that are kept open. */
  public close(): void {
    this.session.transport.close();
  }

  private locate(reference: string) {
    const image = tryParseLocation(pullThroughMirrors(reference, this.mirrors));
    if (image) return image;
    throw new InspectionError('missing', `${JSON.stringify(reference)} is not an image reference`);
  }
}
