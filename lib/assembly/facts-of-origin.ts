import { join } from 'node:path';
import { seeThroughMirrors } from '../bases/mirrors';
import { analyseDockerfile } from '../dockerfile/analyse';
import { catalogued } from '../dockerfile/image-catalogue';
import { readBuild } from '../dockerfile/sources/read-build';
import { LOCK_FILE_NAME, LockFile } from '../evidence/lock-file';
import type { LayerFacts } from '../layers/layer-facts';
import { factsFromDockerfile } from '../policy/facts/facts-from-dockerfile';
import { factsFromReference } from '../policy/facts/facts-from-reference';
import { factsOfOpaque } from '../policy/facts/facts-of-opaque';
import { withLayerEvidence } from '../policy/facts/with-layer-evidence';
import { factsFromLayers } from '../policy/facts/facts-from-layers';
import type { ImageFacts } from '../policy/image-facts';
import type { DockerfileOrigin, ImageOrigin } from '../policy/image-use';
import type { Policy } from '../policy/policy';

/** What is known of images besides what an assembly says. */
export interface FactsOptions {
  /**
   * The environment that images are built in: variables of it change what a Dockerfile means.
   *
   * @default - that of this process
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * What was seen in the layers of an image, when somebody has looked.
   *
   * @default - nobody has looked
   */
  readonly inspected?: (origin: ImageOrigin) => LayerFacts | undefined;
  /**
   * Why nobody could look into the layers of an image, when somebody has tried.
   *
   * @default - nobody has tried
   */
  readonly uninspected?: (origin: ImageOrigin) => string | undefined;
  /**
   * Directory of the lock file, whose images need no other proof.
   *
   * @default - the working directory
   */
  readonly lockDirectory?: string;
}

const MADE_BY_COMMAND = 'have it made and looked into: cdk-distroless verify';

/** The facts of images, learnt once for each however many containers run it. */
export class FactsOfOrigins {
  /** By the origin itself, which all uses of an asset share, and by what it says. */
  private readonly known = new Map<ImageOrigin | string, ImageFacts>();
  private lockFile?: LockFile;

  public constructor(
    private readonly policy: Policy,
    private readonly options: FactsOptions = {},
  ) {}

  /** What is known of an image; what cannot be read is unproven, and says why. */
  public of(origin: ImageOrigin): ImageFacts {
    const known = this.known.get(origin);
    if (known) return known;
    const key = JSON.stringify(origin);
    const facts = this.known.get(key) ?? this.learn(origin);
    this.known.set(key, facts).set(origin, facts);
    return facts;
  }

  private learn(origin: ImageOrigin): ImageFacts {
    const uninspected = this.options.uninspected?.(origin);
    const facts = this.learnFrom(origin, this.options.inspected?.(origin));
    return uninspected === undefined ? facts : { ...facts, uninspected };
  }

  private learnFrom(origin: ImageOrigin, layers: LayerFacts | undefined): ImageFacts {
    switch (origin.kind) {
      case 'dockerfile':
        return this.ofDockerfile(origin, layers);
      case 'reference':
        return layers
          ? factsFromLayers(layers, { reference: origin.reference, mirrors: this.policy.mirrors })
          : this.attempt(origin.reference, () => this.referredBy(origin.reference));
      case 'tarball':
        return layers
          ? factsFromLayers(layers, { mirrors: this.policy.mirrors })
          : factsOfOpaque(origin.path, 'the image is a tarball whose layers were not inspected');
      case 'opaque':
        return layers
          ? factsFromLayers(layers, { mirrors: this.policy.mirrors })
          : factsOfOpaque('', origin.reason, ...(origin.assetId === undefined ? [] : [MADE_BY_COMMAND]));
    }
  }

  private ofDockerfile(origin: DockerfileOrigin, layers: LayerFacts | undefined): ImageFacts {
    const declared = this.declaredBy(origin);
    return layers ? withLayerEvidence(declared, layers) : declared;
  }

  private declaredBy(origin: DockerfileOrigin): ImageFacts {
    const { displayPath: subject, platform } = origin;
    const { mirrors } = this.policy;
    const environment = this.options.environment ?? process.env;
    const describeImage = (reference: string) => catalogued(seeThroughMirrors(reference, mirrors));
    const evidence = (reference: string, on: string) => this.lock().tryFindFacts(reference, on);
    return this.attempt(subject, () => {
      const analysis = analyseDockerfile(readBuild({ ...origin, environment, describeImage }));
      return factsFromDockerfile(analysis, { subject, platform, mirrors, evidence });
    });
  }

  /** What cannot be read proves nothing, and says why. */
  private attempt(subject: string, learn: () => ImageFacts): ImageFacts {
    try {
      return learn();
    } catch (error) {
      return factsOfOpaque(subject, `the build cannot be read: ${(error as Error).message}`);
    }
  }

  /** Of an image that is run as it is, the lock file may know the layers. The platform is the task's: all of them count. */
  private referredBy(reference: string): ImageFacts {
    const options = { reference, mirrors: this.policy.mirrors };
    const locked = this.lockedPlatforms(reference);
    if (locked.length === 0) return factsFromReference(reference, options);
    const worst = locked.find(({ tools }) => tools.length > 0) ?? locked.find(({ unproven }) => unproven.length > 0);
    const facts = factsFromLayers(worst ?? locked[0], options);
    return locked.length === 1 ? facts : { ...facts, platform: undefined };
  }

  private lockedPlatforms(reference: string): readonly LayerFacts[] {
    const lock = this.lock();
    const platforms = Object.keys(lock.tryFind(reference)?.platforms ?? {});
    return platforms.flatMap((platform) => lock.tryFindFacts(reference, platform) ?? []);
  }

  private lock(): LockFile {
    return (this.lockFile ??= LockFile.load(join(this.options.lockDirectory ?? '', LOCK_FILE_NAME)));
  }
}
